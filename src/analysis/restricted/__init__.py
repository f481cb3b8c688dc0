"""A run on data that may not be published: a workspace of its own, and what may leave it."""
