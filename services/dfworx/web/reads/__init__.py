"""Reads: which posts somebody has opened, what is new to them, and how much of it there is."""
