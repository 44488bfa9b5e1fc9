"""Files: uploaded, attached to posts and comments, handed out by signed addresses."""
