"""The data contract: what a complaint panel is, and what is measured on it."""
