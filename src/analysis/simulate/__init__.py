"""The simulated twin: a city whose true effects are known, and its untidy reports."""
