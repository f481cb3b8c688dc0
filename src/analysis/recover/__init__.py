"""Monte Carlo of every estimator and method of inference on panels of a known shape and truth."""
