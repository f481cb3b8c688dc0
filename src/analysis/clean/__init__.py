"""Cleaning: from raw reports to tables of the data contract, every change counted."""
