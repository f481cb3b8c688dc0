"""What sample files hold: their encoding, their columns and what stands in these."""
