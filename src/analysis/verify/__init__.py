"""Verify that what is committed is what the code makes from raw data."""
