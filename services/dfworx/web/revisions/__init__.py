"""Revisions: what a post said before, what has changed since, and the way back."""
