"""Inviting people into an organization, and accepting it."""
