"""System logs: what services tell an organization's admins of requests that failed and events that were given up."""
