"""Tools for people who work on Brink; not part of the installed package."""
