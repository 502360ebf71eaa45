"""Who may open what in the admin: one table (table.py), tried by logging in as each role."""
