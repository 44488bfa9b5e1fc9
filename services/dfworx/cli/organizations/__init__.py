"""Organizations as the install's operator handles them: listed, and taken along as open archives."""
