"""Privacy: what tells who someone is goes before anything of a ticket is written."""
