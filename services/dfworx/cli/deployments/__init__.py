"""Commands that speak to a deployment which is served, here or elsewhere."""
