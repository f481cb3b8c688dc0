"""Engines that run the expressions of cleaning and counting: DuckDB, and Spark beyond it."""
