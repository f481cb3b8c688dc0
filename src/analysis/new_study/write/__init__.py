"""A study file in words: TOML in which each guess is explained beside it."""
