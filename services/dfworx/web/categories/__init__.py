"""Categories: how an organization sorts its posts."""
