"""From checked tickets to counts by unit and month, and by unit, category and month."""
