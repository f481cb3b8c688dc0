"""Tickets from open-data portals: whole, in a stable order, and with a record of where from."""
