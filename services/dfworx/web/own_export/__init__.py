"""All that a person wrote in the organization, as an archive to take along."""
