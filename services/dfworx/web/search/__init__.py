"""Search over what the caller may read, best first."""
