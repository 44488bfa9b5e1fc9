"""What every service needs and none owns. A closed list of modules: see section 6 of the design."""
