"""Profiles: what people tell the organization about themselves."""
