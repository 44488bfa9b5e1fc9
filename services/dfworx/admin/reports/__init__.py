"""Reports: built in ones, and those that admins keep with what they said."""
