-- Reports: what people searched and didn't find, and reports that admins keep. docs/decisions/analytics.md

grant create on schema app, app_admin to dfworx_definer;

-- Words that nothing was found for, without who searched.
create table app_admin.empty_searches (
  organization_id uuid not null references public.organizations on delete cascade,
  day             date not null,
  words           text not null check (length(words) between 1 and 200),
  searches        bigint not null check (searches > 0),
  primary key (organization_id, day, words)
);
alter table app_admin.empty_searches enable row level security;
grant select on app_admin.empty_searches to dfworx_admin;
grant select, insert (organization_id, day, words, searches), update (searches), delete
  on app_admin.empty_searches to dfworx_definer;
create policy "admins read what wasn't found" on app_admin.empty_searches
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "definer functions note and sweep what wasn't found" on app_admin.empty_searches
  for all to dfworx_definer using (true) with check (true);

-- In the seal's organization. Of a day a thousand different words are kept, so that nobody fills the table.
create function app.note_empty_search(searched text, times bigint) returns void
language sql security definer set search_path = ''
as $$
  insert into app_admin.empty_searches as e (organization_id, day, words, searches)
  select app.org_id(), (now() at time zone 'UTC')::date, left(searched, 200), least(times, 1000)
   where app.org_id() is not null and searched <> '' and times > 0
     and (select count(*) from app_admin.empty_searches k
           where k.organization_id = app.org_id() and k.day = (now() at time zone 'UTC')::date) < 1000
  on conflict (organization_id, day, words) do update set searches = e.searches + excluded.searches
$$;

-- What is older than a year. Seen by nobody, and never more than is asked.
create function app_admin.sweep_empty_searches(n integer) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  gone integer;
begin
  delete from app_admin.empty_searches e where e.ctid in (
    select old.ctid from app_admin.empty_searches old
     where old.day < (now() at time zone 'UTC')::date - 366 limit least(n, 10000));
  get diagnostics gone = row_count;
  return gone;
end
$$;
create index empty_searches_day_idx on app_admin.empty_searches (day);

alter function app.note_empty_search(text, bigint) owner to dfworx_definer;
alter function app_admin.sweep_empty_searches(integer) owner to dfworx_definer;
revoke all on function app.note_empty_search(text, bigint), app_admin.sweep_empty_searches(integer) from public;
grant execute on function app.note_empty_search(text, bigint) to dfworx_web;
grant execute on function app_admin.sweep_empty_searches(integer) to dfworx_worker;

-- A report is kept with what it said when it was made, and never changed after: what it says now is asked of it anew.
grant insert (result, status, finished_at) on app_admin.reports to dfworx_admin;
create trigger reports_audit after insert or delete on app_admin.reports
  for each row execute function app.audit('report_id', 'result', 'kind,title');

revoke create on schema app, app_admin from dfworx_definer;
