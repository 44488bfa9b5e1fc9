"""The admin service: what an organization's admins see and decide."""
