"""The outside programs an install is made of, one module each: how to make, configure, start and stop it."""
