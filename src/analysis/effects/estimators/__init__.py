"""Estimators: one module each, listed in `analysis.effects.registry`."""
