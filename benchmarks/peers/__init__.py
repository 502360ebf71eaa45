"""Other shops with the same goods on the same server. Each lives in a virtual environment of its own."""
