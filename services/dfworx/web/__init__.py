"""The web service: what people write and read. It alone writes app_web."""
