"""From landed tickets to checked ones: every row once, with the step that set it aside."""
