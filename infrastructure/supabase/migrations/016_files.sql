-- Files hang on a post or a comment, and are seen by whoever sees that. Bytes are in object storage under storage_key.

-- Nothing has read or written files before: no row is in the way of what is added.
alter table shared_services.files
  add column post_id    uuid,
  add column comment_id uuid,
  add column width      integer check (width > 0),
  add column height     integer check (height > 0),
  add constraint files_one_place_check check (post_id is null or comment_id is null),
  add constraint files_image_check check ((width is null) = (height is null)),
  -- squawk-ignore adding-foreign-key-constraint
  add constraint files_organization_id_post_id_fkey foreign key (organization_id, post_id)
    references app_web.posts (organization_id, post_id) on delete cascade,
  -- squawk-ignore adding-foreign-key-constraint
  add constraint files_organization_id_comment_id_fkey foreign key (organization_id, comment_id)
    references app_web.comments (organization_id, comment_id) on delete cascade;

-- The orders of the two lists.
create index files_organization_id_post_id_created_at_idx
  on shared_services.files (organization_id, post_id, created_at, file_id);
create index files_organization_id_comment_id_created_at_idx
  on shared_services.files (organization_id, comment_id, created_at, file_id);
-- What the sweep asks for, across organizations.
create index files_unattached_idx on shared_services.files (created_at) where post_id is null and comment_id is null;
-- How many somebody has of these.
create index files_unattached_of_person_idx on shared_services.files (organization_id, user_id)
  where post_id is null and comment_id is null;

-- Who may what ---------------------------------------------------------------------------------------------
-- The sub-selects run under the policies of posts and comments: drafts, named people, the trash, all of it follows.
-- Moderators change what they see of the organization's posts, not those that they are named readers of.

grant insert (post_id, comment_id, width, height), update (post_id, comment_id) on shared_services.files to dfworx_web;

drop policy "members read their organization's files" on shared_services.files;
create policy "who sees a post or comment sees its files" on shared_services.files
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and case
               when post_id is not null then
                 exists (select from app_web.posts p
                         where p.organization_id = files.organization_id and p.post_id = files.post_id)
               when comment_id is not null then
                 exists (select from app_web.comments c
                         where c.organization_id = files.organization_id and c.comment_id = files.comment_id)
               else user_id = (select app.user_id())
             end);

drop policy "members add files in their own name" on shared_services.files;
create policy "people add files in their own name, to what they may change" on shared_services.files
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and (post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.post_id
                                and (p.user_id = (select app.user_id())
                                     or (select app.org_role()) in ('admin', 'moderator')
                                        and p.visibility = 'organization')))
              and (comment_id is null
                   or exists (select from app_web.comments c
                              where c.organization_id = files.organization_id and c.comment_id = files.comment_id
                                and c.user_id = (select app.user_id()) and c.removed_at is null)));
create policy "people attach their files to what they may change" on shared_services.files
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and num_nonnulls(post_id, comment_id) = 1
              and (post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.post_id
                                and (p.user_id = (select app.user_id())
                                     or (select app.org_role()) in ('admin', 'moderator')
                                        and p.visibility = 'organization')))
              and (comment_id is null
                   or exists (select from app_web.comments c
                              where c.organization_id = files.organization_id and c.comment_id = files.comment_id
                                and c.user_id = (select app.user_id()) and c.removed_at is null)));

-- USING says again what moderators may see: a DELETE that reads no column asks no SELECT policy.
drop policy "people and moderators delete files" on shared_services.files;
create policy "people delete their files, and moderators what they mind" on shared_services.files
  for delete to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and case
                       when post_id is not null then
                         exists (select from app_web.posts p
                                 where p.organization_id = files.organization_id and p.post_id = files.post_id
                                   and p.visibility = 'organization')
                       when comment_id is not null then
                         exists (select from app_web.comments c
                                 where c.organization_id = files.organization_id and c.comment_id = files.comment_id)
                       else false
                     end));

-- What takes rows away -------------------------------------------------------------------------------------
-- A row goes first and its bytes later: what a crash leaves between the two is a blob that no row names, and the
-- next sweep of the storage finds it.

grant select (organization_id, file_id, comment_id, post_id, storage_key, created_at), delete
  on shared_services.files to dfworx_definer;
create policy "sweeps and removed comments find files" on shared_services.files
  for select to dfworx_definer using (true);
create policy "sweeps and removed comments take files away" on shared_services.files
  for delete to dfworx_definer using (true);

-- A comment that was removed stays while it has answers, but neither its words nor its files do.
create function app_web.clear_files() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from shared_services.files f
   where f.organization_id = new.organization_id and f.comment_id = new.comment_id;
  return null;
end
$$;
create trigger comments_files after update on app_web.comments
  for each row when (old.removed_at is null and new.removed_at is not null) execute function app_web.clear_files();

-- For the worker: at most n files that hang on nothing a day after they came, deleted, and where their bytes are.
-- The day is here, not an argument: whoever speaks for the worker takes away nothing that is still being written.
create function shared_services.sweep_files(n integer) returns table (organization_id uuid, storage_key text)
language sql security definer set search_path = ''
as $$
  delete from shared_services.files f
   where f.file_id in (select o.file_id from shared_services.files o
                        where o.post_id is null and o.comment_id is null and o.created_at < now() - interval '24 hours'
                        order by o.created_at limit least(n, 1000))
     -- Asked of the row itself: it may have been attached meanwhile.
     and f.post_id is null and f.comment_id is null
  returning f.organization_id, f.storage_key
$$;

-- For the worker: which of the keys no file names.
create function shared_services.unnamed_storage_keys(keys text[]) returns setof text
language sql stable security definer set search_path = ''
as $$
  select k from unnest(keys[1:1000]) as k
   where not exists (select from shared_services.files f
                      where f.storage_key = k
                        and f.organization_id =
                            case when k ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then left(k, 36)::uuid end)
$$;

-- How much an organization keeps ---------------------------------------------------------------------------
-- What lies in the storage, or is on its way there, has a row from before its first byte until after its last: its
-- organization's quota is held against these, and not against the files, whose rows go before their bytes. The sum is
-- kept, since nobody would wait for it. Nobody reads or writes either but the functions below.

create table shared_services.blobs (
  organization_id uuid not null references public.organizations on delete cascade,
  storage_key     text not null check (starts_with(storage_key, organization_id::text || '/')),
  size_bytes      bigint not null check (size_bytes > 0),
  is_named        boolean not null default false,   -- by a file; kept by trigger
  begun_at        timestamptz not null default now(),
  primary key (organization_id, storage_key)
);
create index blobs_unnamed_idx on shared_services.blobs (begun_at) where not is_named;
create table shared_services.storage_usage (
  organization_id uuid primary key references public.organizations on delete cascade,
  used_bytes      bigint not null check (used_bytes >= 0)
);
alter table shared_services.blobs enable row level security;
alter table shared_services.storage_usage enable row level security;
grant select, insert (organization_id, storage_key, size_bytes), update (size_bytes, is_named), delete
  on shared_services.blobs to dfworx_definer;
grant select, insert (organization_id, used_bytes), update (used_bytes)
  on shared_services.storage_usage to dfworx_definer;
create policy "definer functions keep what is stored" on shared_services.blobs
  for all to dfworx_definer using (true) with check (true);
create policy "definer functions keep how much is stored" on shared_services.storage_usage
  for all to dfworx_definer using (true) with check (true);

create function app_web.name_blob() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  its constant shared_services.files := coalesce(new, old);
begin
  update shared_services.blobs b set is_named = tg_op = 'INSERT'
   where b.organization_id = its.organization_id and b.storage_key = its.storage_key;
  return null;
end
$$;
create trigger files_name_blob after insert or delete on shared_services.files
  for each row execute function app_web.name_blob();

-- Whether there is room for the bytes in the caller's organization, which are then counted. The row's lock makes it
-- right for uploads that begin at once.
create function shared_services.reserve_storage(key text, bytes bigint, quota bigint) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
begin
  if org is null then return false; end if;
  insert into shared_services.storage_usage as u (organization_id, used_bytes)
  select org, bytes where bytes <= quota
      on conflict (organization_id) do update set used_bytes = u.used_bytes + excluded.used_bytes
   where u.used_bytes <= quota - excluded.used_bytes;
  if not found then return false; end if;
  insert into shared_services.blobs (organization_id, storage_key, size_bytes) values (org, key, bytes);
  return true;
end
$$;

-- How much it has become: less than was reserved, or 0 when nothing is there any more. What a file names is settled.
create function shared_services.settle_storage(key text, bytes bigint) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
  freed bigint;
begin
  select b.size_bytes - bytes into freed from shared_services.blobs b
   where b.organization_id = org and b.storage_key = key and bytes between 0 and b.size_bytes
     and not b.is_named
     for update;
  if freed is null then return; end if;
  if bytes = 0 then
    delete from shared_services.blobs b where b.organization_id = org and b.storage_key = key;
  else
    update shared_services.blobs b set size_bytes = bytes where b.organization_id = org and b.storage_key = key;
  end if;
  update shared_services.storage_usage u set used_bytes = u.used_bytes - freed where u.organization_id = org;
end
$$;

-- For the worker: at most n keys that no file names a day after their upload began; their bytes are to be deleted.
create function shared_services.unnamed_blobs(n integer) returns setof text
language sql stable security definer set search_path = ''
as $$
  select b.storage_key from shared_services.blobs b
   where not b.is_named and b.begun_at < now() - interval '24 hours'
   order by b.begun_at limit least(n, 1000)
$$;

-- For the worker: the bytes under these keys are gone, so they count no more.
create function shared_services.release_storage(keys text[]) returns void
language sql security definer set search_path = ''
as $$
  with gone as (
    delete from shared_services.blobs b
     using unnest(keys[1:1000]) as k
     where b.storage_key = k
       and b.organization_id = case when k ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then left(k, 36)::uuid end
       and not b.is_named
    returning b.organization_id, b.size_bytes
  )
  update shared_services.storage_usage u set used_bytes = u.used_bytes - freed.bytes
    from (select g.organization_id, sum(g.size_bytes) as bytes from gone g group by 1) as freed
   where u.organization_id = freed.organization_id
$$;

-- Reading --------------------------------------------------------------------------------------------------
-- By sub-selects, as app_web.post_items: never an inner join between tables with policies.

create view shared_services.file_items with (security_invoker = true) as
  select f.organization_id, f.file_id, f.post_id, f.comment_id, f.created_at,
         json_build_object(
           'file_id', f.file_id, 'post_id', f.post_id, 'comment_id', f.comment_id, 'name', f.name,
           'media_type', f.media_type, 'size_bytes', f.size_bytes, 'sha256', encode(f.sha256, 'hex'),
           'width', f.width, 'height', f.height,
           'uploader', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
                          from public.users u
                         where u.organization_id = f.organization_id and u.user_id = f.user_id),
           'created_at', f.created_at) as item
    from shared_services.files f;
revoke all on shared_services.file_items from public;
grant select on shared_services.file_items to dfworx_web;

-- Who owns and who may call --------------------------------------------------------------------------------

grant create on schema app_web, shared_services to dfworx_definer;
alter function app_web.clear_files() owner to dfworx_definer;
alter function shared_services.sweep_files(integer) owner to dfworx_definer;
alter function shared_services.unnamed_storage_keys(text[]) owner to dfworx_definer;
alter function app_web.name_blob() owner to dfworx_definer;
alter function shared_services.reserve_storage(text, bigint, bigint) owner to dfworx_definer;
alter function shared_services.settle_storage(text, bigint) owner to dfworx_definer;
alter function shared_services.unnamed_blobs(integer) owner to dfworx_definer;
alter function shared_services.release_storage(text[]) owner to dfworx_definer;
revoke create on schema app_web, shared_services from dfworx_definer;
revoke all on function app_web.clear_files(), shared_services.sweep_files(integer),
                       shared_services.unnamed_storage_keys(text[]), app_web.name_blob(),
                       shared_services.reserve_storage(text, bigint, bigint),
                       shared_services.settle_storage(text, bigint), shared_services.unnamed_blobs(integer),
                       shared_services.release_storage(text[]) from public;
grant execute on function shared_services.reserve_storage(text, bigint, bigint),
                          shared_services.settle_storage(text, bigint) to dfworx_web;
grant execute on function shared_services.sweep_files(integer), shared_services.unnamed_storage_keys(text[]),
                          shared_services.unnamed_blobs(integer), shared_services.release_storage(text[])
  to dfworx_worker;
