"""A study is one file: what its data look like, and what is estimated on them."""
