"""What an organization's admins have set, by the registry of shared/organization_settings.py."""
