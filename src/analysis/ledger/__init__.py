"""The exhibit ledger: what each number, table and figure is, and where it was made."""
