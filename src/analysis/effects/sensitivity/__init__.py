"""Sensitivity analyses: how far a finding depends on what cannot be tested."""
