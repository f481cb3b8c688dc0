"""Landing: one raw file of tickets becomes one Parquet file, freed of what is personal."""
