"""The whole shop in one file, and back again.

A backup is a tar: the database (SQLite's own file, or each PostgreSQL table as COPY writes it), `manifest.json`, then
uploads. Nothing but Python is needed; it is consistent although the shop goes on selling.
"""
