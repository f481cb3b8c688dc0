"""Look at samples of tickets and write a commented study file for them."""
