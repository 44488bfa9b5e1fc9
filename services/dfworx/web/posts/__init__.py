"""Posts: written as drafts, published to the organization, kept when archived."""
