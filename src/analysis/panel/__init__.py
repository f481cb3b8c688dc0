"""Panels: balanced, aggregated and joined with the treatment."""
