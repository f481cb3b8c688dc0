"""Tables: one module for each exhibit."""
