"""From an exhibit, or a copy of one that went astray, back to the line that made it."""
