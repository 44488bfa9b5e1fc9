-- Posts for named people, and a trash: what a post's row says of who may see it, and the policies that hold to it.

-- squawk-ignore constraint-missing-not-valid
alter table app_web.posts
  -- squawk-ignore ban-drop-constraint
  drop constraint posts_status_check,
  -- squawk-ignore ban-drop-constraint
  drop constraint posts_visibility_check,
  add column trashed_at timestamptz,
  add column trashed_from text check (trashed_from in ('draft', 'published', 'archived')),
  -- Deleted for good: nobody sees it any more, and the worker takes it away with what hangs on it.
  add column deleted_at timestamptz,
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_status_check check (status in ('draft', 'published', 'archived', 'trashed')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_visibility_check check (visibility in ('organization', 'people', 'author')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_trashed_check
    check ((status = 'trashed') = (trashed_at is not null) and (status = 'trashed') = (trashed_from is not null)),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_deleted_check check (deleted_at is null or status = 'trashed');

-- What a service writes of moments is in years that JSON can say; of posts, 013 has more.
alter table app_web.comments
  -- squawk-ignore constraint-missing-not-valid
  add constraint comments_moments_check
    check (resolved_at between '0001-01-02Z' and '9999-12-30Z' and removed_at between '0001-01-02Z' and '9999-12-30Z');
alter table app_web.categories
  -- squawk-ignore constraint-missing-not-valid
  add constraint categories_moments_check check (updated_at between '0001-01-02Z' and '9999-12-30Z');
alter table app_web.profiles
  -- squawk-ignore constraint-missing-not-valid
  add constraint profiles_moments_check check (updated_at between '0001-01-02Z' and '9999-12-30Z');
alter table public.notifications
  -- squawk-ignore constraint-missing-not-valid
  add constraint notifications_moments_check check (read_at between '0001-01-02Z' and '9999-12-30Z');

-- Who may read a post that is for named people. That `shared_by` is the post's author is a trigger's to see to: policies
-- of this table can't ask the posts, whose own policy asks this table.
create table app_web.post_readers (
  organization_id uuid not null,
  post_id         uuid not null,
  user_id         uuid not null,
  shared_by       uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, post_id, user_id),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade,
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  foreign key (organization_id, shared_by) references public.users (organization_id, user_id) on delete cascade
);
create index post_readers_organization_id_user_id_idx on app_web.post_readers (organization_id, user_id);
create index post_readers_organization_id_shared_by_idx on app_web.post_readers (organization_id, shared_by);
alter table app_web.post_readers enable row level security;

grant select, delete on app_web.post_readers to dfworx_web;
grant insert (organization_id, post_id, user_id, shared_by) on app_web.post_readers to dfworx_web;
create policy "people see what is shared with them, authors with whom they do" on app_web.post_readers
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or shared_by = (select app.user_id())));
create policy "authors share their posts" on app_web.post_readers
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and shared_by = (select app.user_id()));
create policy "authors stop sharing their posts" on app_web.post_readers
  for delete to dfworx_web
  using (organization_id = (select app.org_id()) and shared_by = (select app.user_id()));

-- Posts ----------------------------------------------------------------------------------------------------
-- A draft stays its author's alone in the trash too. Who is named reads the post while it is published.

grant update (trashed_at, trashed_from) on app_web.posts to dfworx_web;

alter policy "members read published posts and their own; moderators also arc" on app_web.posts
  -- squawk-ignore renaming-object
  rename to "members read their own posts and what is published to them";
alter policy "members read their own posts and what is published to them" on app_web.posts
  using (organization_id = (select app.org_id()) and deleted_at is null
         and ((visibility = 'organization'
               and (status = 'published'
                    or (status = 'archived' or status = 'trashed' and trashed_from <> 'draft')
                       and (select app.org_role()) in ('admin', 'moderator')))
              or user_id = (select app.user_id())
              or visibility = 'people' and status = 'published'
                 and exists (select from app_web.post_readers r
                              where r.organization_id = posts.organization_id and r.post_id = posts.post_id
                                and r.user_id = (select app.user_id()))));
alter policy "authors change their posts and moderators what they see" on app_web.posts
  using (organization_id = (select app.org_id()) and deleted_at is null
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft' and trashed_from is distinct from 'draft'));
alter policy "authors delete their posts and moderators what they see" on app_web.posts
  using (organization_id = (select app.org_id()) and deleted_at is null
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft' and trashed_from is distinct from 'draft'));

alter policy "Data API: members read published posts and their own" on app_web.posts
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid and deleted_at is null
         and ((status = 'published' and visibility = 'organization')
              or user_id = ((select auth.jwt()) ->> 'sub')::uuid));

grant select (status, visibility, user_id) on app_web.posts to dfworx_definer;
create function app_web.guard_reader() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from app_web.posts p
                  where p.organization_id = new.organization_id and p.post_id = new.post_id
                    and p.user_id = new.shared_by) then
    raise exception 'only its author shares a post' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger post_readers_guard before insert on app_web.post_readers
  for each row execute function app_web.guard_reader();

-- Those of some people who may read a post, and nobody of what is in the trash: for definer functions that tell people of
-- it. No service calls it.
grant select (organization_id, post_id, user_id) on app_web.post_readers to dfworx_definer;
create policy "definer functions ask who may read a post" on app_web.post_readers
  for select to dfworx_definer using (true);

create function app_web.list_readers_of(org uuid, of_post uuid, among uuid[]) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
    select u.user_id
      from app_web.posts p
      join public.users u on u.organization_id = p.organization_id
     where p.organization_id = org and p.post_id = of_post and p.status <> 'trashed'
       and u.user_id = any (among) and u.is_active
       and (u.user_id = p.user_id
            or p.status = 'published'
               and (p.visibility = 'organization'
                    or p.visibility = 'people'
                       and exists (select from app_web.post_readers r
                                    where r.organization_id = p.organization_id and r.post_id = p.post_id
                                      and r.user_id = u.user_id)));
end
$$;

-- Deleting for good -----------------------------------------------------------------------------------------
-- What hangs on a post goes with it, each row with its own line in the audit log and its own notifications: of thousands
-- of comments that takes longer than a statement may. Such a post goes out of everybody's sight at once and its slugs are
-- free; the worker takes it away, first what hangs on it, piece by piece.

create index posts_to_purge_idx on app_web.posts (trashed_at) where status = 'trashed' and deleted_at is null;
create index posts_deleted_idx on app_web.posts (deleted_at) where deleted_at is not null;
grant select (slug, trashed_at, deleted_at), update (slug, deleted_at), delete on app_web.posts to dfworx_definer;
grant select (created_at), update (parent_id) on app_web.comments to dfworx_definer;
create policy "what is deleted for good is taken away" on app_web.posts for delete to dfworx_definer using (true);

-- Nobody searches it any more.
drop trigger posts_prepare_update on app_web.posts;
create trigger posts_prepare_update before update on app_web.posts
  for each row when (new.comment_count = old.comment_count and new.deleted_at is null)
  execute function app_web.prepare_post();

-- For the functions below alone.
create function app_web.hide_deleted(org uuid, of_post uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  -- One that nobody can have taken before.
  nobodys constant text := gen_random_uuid();
begin
  update app_web.posts p set status = 'trashed', slug = nobodys, deleted_at = now()
   where p.organization_id = org and p.post_id = of_post;
  delete from app_web.post_slugs s where s.organization_id = org and s.post_id = of_post and s.slug <> nobodys;
end
$$;

-- A service that deletes one with much on it is told that none was, and nobody finds it any more.
create function app_web.delete_later() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  most constant integer := 500;
begin
  if (select count(*) > most
        from (select from app_web.comments c
               where c.organization_id = old.organization_id and c.post_id = old.post_id limit most + 1) as its)
     or (select count(*) > most
           from (select from shared_services.files f
                  where f.organization_id = old.organization_id and f.post_id = old.post_id limit most + 1) as its) then
    perform app_web.hide_deleted(old.organization_id, old.post_id);
    return null;
  end if;
  return old;
end
$$;
create trigger posts_delete_later before delete on app_web.posts
  for each row when (session_user = 'dfworx_web') execute function app_web.delete_later();

-- For the worker: at most n posts that have been in the trash for thirty days, deleted for good from now on.
create function app_web.expire_trash(n integer) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  one record;
begin
  for one in
    select p.organization_id, p.post_id from app_web.posts p
     where p.status = 'trashed' and p.deleted_at is null and p.trashed_at < now() - interval '30 days'
     order by case n when 1 then random() end, p.trashed_at limit least(greatest(n, 0), 500) for update skip locked
  loop
    perform app_web.hide_deleted(one.organization_id, one.post_id);
    return next one.post_id;
  end loop;
end
$$;

-- Takes away at most n of what hangs on posts that were deleted, and gives what: comments, then files. The newest first,
-- so that answers go before what they answer; one that is older than that, as only a long transaction makes it, lets go.
create function app_web.clear_deleted(n integer) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  left_over integer := least(greatest(n, 0), 1000);
  its_org uuid;
  its_id uuid;
  batch uuid[];
begin
  while left_over > 0 loop
    select p.organization_id, p.post_id into its_org, its_id
      from app_web.posts p
     where p.deleted_at is not null
       and (exists (select from app_web.comments c
                     where c.organization_id = p.organization_id and c.post_id = p.post_id)
            or exists (select from shared_services.files f
                        where f.organization_id = p.organization_id and f.post_id = p.post_id))
     order by case n when 1 then random() end, p.deleted_at limit 1 for update of p skip locked;
    exit when not found;
    batch := array(select c.comment_id from app_web.comments c
                    where c.organization_id = its_org and c.post_id = its_id
                    order by c.created_at desc, c.comment_id desc limit left_over);
    if batch <> '{}' then
      update app_web.comments c set parent_id = null
       where c.organization_id = its_org and c.post_id = its_id
         and c.parent_id = any (batch) and c.comment_id <> all (batch);
      delete from app_web.comments c where c.organization_id = its_org and c.comment_id = any (batch);
    else
      batch := array(select f.file_id from shared_services.files f
                      where f.organization_id = its_org and f.post_id = its_id limit left_over);
      delete from shared_services.files f where f.organization_id = its_org and f.file_id = any (batch);
    end if;
    return query select unnest(batch);
    left_over := left_over - cardinality(batch);
  end loop;
end
$$;

-- Then the posts themselves, at most n.
create function app_web.purge_trash(n integer) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
begin
  return query
    delete from app_web.posts p
     where p.post_id in (select o.post_id from app_web.posts o
                          where o.deleted_at is not null
                            and not exists (select from app_web.comments c
                                             where c.organization_id = o.organization_id and c.post_id = o.post_id)
                            and not exists (select from shared_services.files f
                                             where f.organization_id = o.organization_id and f.post_id = o.post_id)
                          order by case n when 1 then random() end, o.deleted_at
                          limit least(greatest(n, 0), 500) for update of o skip locked)
    returning p.post_id;
end
$$;

-- As 011 has them: of a post that is deleted for good nothing is counted, nor is more taken away than was asked for. A
-- thread of removed comments is cleared from its end up in a loop: a trigger that fires itself runs out of stack.
create or replace function app_web.clear_answered() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  above uuid := old.parent_id;
begin
  while above is not null and pg_trigger_depth() = 1 loop
    perform from app_web.comments c
      where c.organization_id = old.organization_id and c.comment_id = above and c.removed_at is not null
        and not exists (select from app_web.posts p
                         where p.organization_id = old.organization_id and p.post_id = old.post_id
                           and p.deleted_at is not null)
        for update of c;
    exit when not found;
    delete from app_web.comments c
     where c.organization_id = old.organization_id and c.comment_id = above
       and not exists (select from app_web.comments r
                        where r.organization_id = old.organization_id and r.post_id = old.post_id
                          and r.parent_id = above)
    returning c.parent_id into above;
  end loop;
  return null;
end
$$;

create or replace function app_web.count_comment() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  one constant app_web.comments := case when tg_op = 'INSERT' then new else old end;
begin
  update app_web.posts p set comment_count = p.comment_count + case when tg_op = 'INSERT' then 1 else -1 end
   where p.organization_id = one.organization_id and p.post_id = one.post_id and p.deleted_at is null;
  return null;
end
$$;

grant create on schema app_web to dfworx_definer;
alter function app_web.hide_deleted(uuid, uuid) owner to dfworx_definer;
alter function app_web.delete_later() owner to dfworx_definer;
alter function app_web.expire_trash(integer) owner to dfworx_definer;
alter function app_web.clear_deleted(integer) owner to dfworx_definer;
alter function app_web.purge_trash(integer) owner to dfworx_definer;
alter function app_web.guard_reader() owner to dfworx_definer;
alter function app_web.list_readers_of(uuid, uuid, uuid[]) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;
revoke all on function app_web.guard_reader(), app_web.list_readers_of(uuid, uuid, uuid[]), app_web.delete_later(),
                       app_web.hide_deleted(uuid, uuid), app_web.expire_trash(integer),
                       app_web.clear_deleted(integer), app_web.purge_trash(integer) from public;

-- The worker calls functions of these schemas that it is granted by name, and reads none of their tables.
grant usage on schema app_web, app_auth to dfworx_worker;
grant execute on function app_web.expire_trash(integer), app_web.clear_deleted(integer), app_web.purge_trash(integer)
  to dfworx_worker;
