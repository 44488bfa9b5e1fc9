"""Comments: threads under a post, in Markdown, that name people of the organization."""
