"""The people of the organization, as its admins look through them. The auth service changes them."""
