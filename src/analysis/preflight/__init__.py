"""The checks that data editors run on a deposit, run before they do."""
