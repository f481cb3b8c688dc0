"""Benchmarks: where the time of a run goes, and how fast estimators are beside their peers."""
