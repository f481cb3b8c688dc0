"""Figures: one module for each exhibit, one style."""
