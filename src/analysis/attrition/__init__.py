"""Rows in and out: of each step of cleaning, and of each result."""
