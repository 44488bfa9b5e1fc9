-- A chain over each organization's audit log: every entry has a link, whose hash is taken over the entry and the link
-- before. Links are made when their transaction commits: whoever links holds the organization's head, and nothing else
-- is locked after it. So writers of one organization wait for each other no longer than a commit takes, and two of them
-- never for each other. `./dfworx audit verify` follows the chain. docs/decisions/audit-log.md

grant create on schema app to dfworx_definer;

create table public.audit_links (
  organization_id uuid not null,
  position        bigint not null check (position > 0),   -- counted from 1, without a gap
  audit_log_id    bigint not null,
  hash            bytea not null check (length(hash) = 32),
  primary key (organization_id, position),
  unique (organization_id, audit_log_id)
);
create table public.audit_heads (
  organization_id uuid primary key,
  position        bigint not null default 0,              -- of the last link, which is how many there are
  hash            bytea not null default '' check (length(hash) in (0, 32))
);
alter table public.audit_links enable row level security;
alter table public.audit_heads enable row level security;
-- By which a transaction finds its own entries: see link_audit.
create index audit_logs_created_at_idx on public.audit_logs (created_at, audit_log_id);
-- What admins narrow the log by.
create index audit_logs_organization_id_actor_id_idx on public.audit_logs (organization_id, actor_id, audit_log_id desc);
create index audit_logs_organization_id_entity_idx on public.audit_logs (organization_id, entity, audit_log_id desc);

grant select on public.audit_logs to dfworx_definer;
grant select, insert (organization_id, position, audit_log_id, hash) on public.audit_links to dfworx_definer;
grant select, insert (organization_id), update (position, hash) on public.audit_heads to dfworx_definer;
create policy "the chain's trigger reads what it links" on public.audit_logs
  for select to dfworx_definer using (true);
create policy "the chain's trigger adds links" on public.audit_links
  for all to dfworx_definer using (true) with check (true);
create policy "the chain's trigger moves the head" on public.audit_heads
  for all to dfworx_definer using (true) with check (true);
grant select on public.audit_links to dfworx_admin;
create policy "admins read the links of their organization's audit log" on public.audit_links
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');

create trigger audit_links_append_only before update or delete on public.audit_links
  for each row execute function app.refuse_change();
create trigger audit_links_no_truncate before truncate on public.audit_links
  for each statement execute function app.refuse_change();

-- The same bytes on every server and in every session: moments as microseconds, JSON as jsonb writes it.
create function app.audit_digest(entry public.audit_logs, previous bytea) returns bytea
language sql stable set search_path = ''
as $$
  select sha256(previous || convert_to(jsonb_build_array(
    entry.audit_log_id, entry.organization_id, entry.actor_id, entry.service, entry.action, entry.entity,
    entry.entity_id, entry.changes, (extract(epoch from entry.created_at) * 1000000)::bigint)::text, 'UTF8'))
$$;

-- Entries of one transaction have one moment, and nobody else sees them before they have links: so those without are
-- its own. The event of the last one links them all, the organizations in the order of their ids. Whether an entry has a
-- link is asked entry by entry, as a value: a join might read the whole chain.
create function app.link_audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  entry  public.audit_logs;
  head   public.audit_heads;
  latest public.audit_logs;
begin
  for latest in
    select a.* from public.audit_logs a
     where a.created_at = new.created_at and a.audit_log_id > new.audit_log_id
     order by a.audit_log_id desc
  loop
    -- Of another transaction that began in the same microsecond there may be entries too; those have links.
    if (select l.position from public.audit_links l
         where l.organization_id = latest.organization_id and l.audit_log_id = latest.audit_log_id) is null then
      return null;
    end if;
  end loop;
  for entry in
    select a.* from public.audit_logs a
     where a.created_at = new.created_at
       and (select l.position from public.audit_links l
             where l.organization_id = a.organization_id and l.audit_log_id = a.audit_log_id) is null
     order by a.organization_id, a.audit_log_id
  loop
    if head.organization_id is distinct from entry.organization_id then
      update public.audit_heads h set position = head.position, hash = head.hash
       where h.organization_id = head.organization_id;
      insert into public.audit_heads (organization_id) values (entry.organization_id) on conflict do nothing;
      select h.* into head from public.audit_heads h where h.organization_id = entry.organization_id for update;
    end if;
    head.position := head.position + 1;
    head.hash := app.audit_digest(entry, head.hash);
    insert into public.audit_links (organization_id, position, audit_log_id, hash)
      values (entry.organization_id, head.position, entry.audit_log_id, head.hash);
  end loop;
  update public.audit_heads h set position = head.position, hash = head.hash
   where h.organization_id = head.organization_id;
  return null;
end
$$;

-- What was there before there was a chain is its beginning.
do $$
declare
  entry public.audit_logs;
  head  public.audit_heads;
begin
  for entry in select a.* from public.audit_logs a order by a.organization_id, a.audit_log_id loop
    if head.organization_id is distinct from entry.organization_id then
      update public.audit_heads h set position = head.position, hash = head.hash
       where h.organization_id = head.organization_id;
      insert into public.audit_heads (organization_id) values (entry.organization_id) returning * into head;
    end if;
    head.position := head.position + 1;
    head.hash := app.audit_digest(entry, head.hash);
    insert into public.audit_links (organization_id, position, audit_log_id, hash)
      values (entry.organization_id, head.position, entry.audit_log_id, head.hash);
  end loop;
  update public.audit_heads h set position = head.position, hash = head.hash
   where h.organization_id = head.organization_id;
end
$$;

create constraint trigger audit_logs_link after insert on public.audit_logs
  deferrable initially deferred
  for each row execute function app.link_audit();

alter function app.audit_digest(public.audit_logs, bytea) owner to dfworx_definer;
alter function app.link_audit() owner to dfworx_definer;
revoke all on function app.audit_digest(public.audit_logs, bytea), app.link_audit() from public;
revoke all on public.audit_links, public.audit_heads from anon, authenticated;
revoke create on schema app from dfworx_definer;
