"""The auth service: who people are, which organization they act for, and for how long. The only writer of
`public.organizations` and `public.users`, and the only holder of the keys that sign tokens."""
