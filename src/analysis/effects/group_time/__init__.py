"""Effects by cohort and period, and their averages, on influence functions."""
