"""How the organization does: figures of a range beside those of the range before, and the rows behind each."""
