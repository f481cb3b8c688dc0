"""A deposit of the compendium: the files that go in, and what repositories ask about them."""
