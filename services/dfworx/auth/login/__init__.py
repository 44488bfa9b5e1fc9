"""Signing in with email and password."""
