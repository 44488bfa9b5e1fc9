"""The people of an organization, and one's own account."""
