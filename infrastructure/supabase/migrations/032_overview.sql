-- What the overview reads beside daily figures: how an organization's requests were answered, and what its files take.
-- docs/decisions/analytics.md

grant create on schema app to dfworx_definer;

-- Requests that a service answered its members on a day, but for those that it answers from memory at once.
create table app_admin.request_days (
  organization_id uuid not null references public.organizations on delete cascade,
  day             date not null,
  service         text not null check (length(service) between 1 and 50),
  requests        bigint not null check (requests >= 0),
  failed          bigint not null check (failed >= 0),
  milliseconds    bigint not null check (milliseconds >= 0),   -- of all of them together
  primary key (organization_id, day, service)
);
alter table app_admin.request_days enable row level security;
grant select on app_admin.request_days to dfworx_admin;
grant select, insert (organization_id, day, service, requests, failed, milliseconds),
      update (requests, failed, milliseconds) on app_admin.request_days to dfworx_definer;
create policy "admins read how requests were answered" on app_admin.request_days
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "definer functions count requests" on app_admin.request_days
  for all to dfworx_definer using (true) with check (true);

-- To the seal's organization, in the service's own name. No more than a service can answer between two calls.
create function app.note_requests(answered bigint, broken bigint, took_milliseconds bigint) returns void
language sql security definer set search_path = ''
as $$
  insert into app_admin.request_days as d (organization_id, day, service, requests, failed, milliseconds)
  select app.org_id(), (now() at time zone 'UTC')::date, replace(session_user::text, 'dfworx_', ''),
         least(answered, 1000000), least(broken, answered, 1000000), least(took_milliseconds, 1000000000)
   where app.org_id() is not null and answered > 0 and broken >= 0 and took_milliseconds >= 0
  on conflict (organization_id, day, service) do update
     set requests = d.requests + excluded.requests, failed = d.failed + excluded.failed,
         milliseconds = d.milliseconds + excluded.milliseconds
$$;
alter function app.note_requests(bigint, bigint, bigint) owner to dfworx_definer;
revoke all on function app.note_requests(bigint, bigint, bigint) from public;
grant execute on function app.note_requests(bigint, bigint, bigint) to dfworx_auth, dfworx_web, dfworx_admin;

-- How large files are, when and by whom they came: never what they are called or where they lie.
grant select (organization_id, file_id, user_id, media_type, size_bytes, created_at) on shared_services.files to dfworx_admin;
create policy "admins read how large their organization's files are" on shared_services.files
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create index files_organization_id_created_at_idx
  on shared_services.files (organization_id, created_at desc, file_id desc);

revoke create on schema app from dfworx_definer;
