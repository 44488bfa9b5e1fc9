"""Drafts that publish themselves at a moment of their author's choice."""
