"""Items out of a table: read, checked as a whole, then written all or nothing.

`reading` turns bytes into rows, `checking` turns rows into a plan and names every mistake with its line, `writing`
carries the plan out. Nothing is written before everything was checked.
"""

from .run import Report, import_file

__all__ = ["Report", "import_file"]
