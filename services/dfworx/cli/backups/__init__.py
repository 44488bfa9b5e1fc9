"""Backups: an install as one file, and an install from it."""
