"""The command line: it starts, stops and looks after one install, and never serves a request itself."""
