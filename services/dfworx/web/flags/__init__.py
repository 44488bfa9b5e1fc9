"""Flags: a member says that something should be looked at. Admins decide on it (admin/flags)."""
