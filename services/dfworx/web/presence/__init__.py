"""Who is here: what Convex told last, kept in Redis for REST."""
