-- Whoever runs the install suspends an organization: nobody signs in to it until it is resumed, and all sessions end.
-- docs/decisions/operator.md

alter table public.organizations add column suspended_at timestamptz;
