"""Preferences: how somebody wants to be told and shown things, which nobody else reads."""
