"""Search over the posts, comments and people that the caller may see, best first."""
