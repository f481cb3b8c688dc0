"""Inference: one module for each way to state uncertainty."""
