"""Organizations: registering one with its first admin, reading it, renaming it."""
