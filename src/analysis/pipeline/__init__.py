"""The pipeline: from raw data to the paper, each step only when it is stale."""
