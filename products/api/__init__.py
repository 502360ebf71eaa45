"""The published catalogue for other programs: Wagtail's API v2 with what an item needs, and a description of it."""
