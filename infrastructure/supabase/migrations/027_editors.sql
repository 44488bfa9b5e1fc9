-- Editors: named people who write a post together with its author, whatever its visibility and status. They read it in
-- any status but the trash and change its words; all else stays the author's and the moderators'. docs/decisions/editors.md

create table app_web.post_editors (
  organization_id uuid not null,
  post_id         uuid not null,
  user_id         uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, post_id, user_id),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade,
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);
create index post_editors_organization_id_user_id_idx on app_web.post_editors (organization_id, user_id);
alter table app_web.post_editors enable row level security;
-- Who let whom write is what an audit log is for.
create trigger post_editors_audit after insert or delete on app_web.post_editors
  for each row execute function app.audit('post_id', '', 'user_id');

-- No service writes it: `name_editors` below is the only door.
grant select on app_web.post_editors to dfworx_web;
grant select, insert (organization_id, post_id, user_id), delete on app_web.post_editors to dfworx_definer;
create policy "who sees a post sees who writes it" on app_web.post_editors
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                      where p.organization_id = post_editors.organization_id and p.post_id = post_editors.post_id));
create policy "definer functions name editors and ask for them" on app_web.post_editors
  for all to dfworx_definer using (true) with check (true);

-- Which posts the caller writes with others. Policies ask it once a statement, as a hash, and only for a row that nothing
-- else in them admits: a published page never does. A definer's, since the table's own policy asks the posts.
create function app_web.list_edited_posts() returns setof uuid
language sql stable security definer parallel restricted rows 20 set search_path = ''
as $$
  select e.post_id from app_web.post_editors e
   where e.organization_id = (select app.org_id()) and e.user_id = (select app.user_id())
$$;

-- Whether the caller decides on such a post, by what the policy for updates said before there were editors.
create function app_web.decides_on(author uuid, visibility text, status text, trashed_from text) returns boolean
language sql stable parallel restricted set search_path = ''
as $$
  select coalesce(author = app.user_id()
                  or app.org_role() in ('admin', 'moderator')
                     and visibility = 'organization' and status <> 'draft' and trashed_from is distinct from 'draft', false)
$$;

-- Posts ----------------------------------------------------------------------------------------------------

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
                                and r.user_id = (select app.user_id()))
              or status <> 'trashed' and post_id in (select app_web.list_edited_posts())));
alter policy "authors change their posts and moderators what they see" on app_web.posts
  -- squawk-ignore renaming-object
  rename to "authors and editors change posts, moderators what they see";
alter policy "authors and editors change posts, moderators what they see" on app_web.posts
  using (organization_id = (select app.org_id()) and deleted_at is null
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft' and trashed_from is distinct from 'draft'
              or status <> 'trashed' and post_id in (select app_web.list_edited_posts())))
  with check (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator')
              or post_id in (select app_web.list_edited_posts())));

-- Policies can't say columns. Named is what an editor changes, so that a column of later is none of theirs.
create function app_web.guard_editor() returns trigger
language plpgsql set search_path = ''
as $$
declare
  allowed app_web.posts := old;
begin
  if current_user = 'dfworx_web'
     and not app_web.decides_on(old.user_id, old.visibility, old.status, old.trashed_from) then
    allowed.title := new.title;
    allowed.content := new.content;
    allowed.excerpt := new.excerpt;
    allowed.category_id := new.category_id;
    allowed.metadata := new.metadata;
    allowed.version := new.version;
    allowed.updated_at := new.updated_at;
    allowed.listed_at := new.listed_at;  -- made by the server, later than this
    if allowed is distinct from new then
      raise exception 'an editor changes the words of a post and nothing else' using errcode = 'insufficient_privilege';
    end if;
  end if;
  return new;
end
$$;
create trigger posts_guard_editor before update on app_web.posts
  for each row when (new.comment_count = old.comment_count) execute function app_web.guard_editor();

-- Another author chooses their own; another visibility takes nobody away.
create function app_web.end_editing() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from app_web.post_editors e where e.organization_id = new.organization_id and e.post_id = new.post_id;
  return null;
end
$$;
create trigger posts_end_editing after update on app_web.posts
  for each row when (new.user_id <> old.user_id) execute function app_web.end_editing();

-- Naming ---------------------------------------------------------------------------------------------------
-- Those who write the post with its author from now on, a hundred at most; gives who is newly named. Who isn't active in
-- the organization is passed over, and so is its author. The post is locked: its author and its status stay what they are.
create function app_web.name_editors(of_post uuid, people uuid[]) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
  author uuid;
begin
  select p.user_id into author from app_web.posts p
   where p.organization_id = org and p.post_id = of_post and p.status <> 'trashed'
     and app_web.decides_on(p.user_id, p.visibility, p.status, p.trashed_from)
     for update;
  if not found then
    raise exception 'only its author and moderators name who writes a post' using errcode = 'insufficient_privilege';
  end if;
  if people is null or cardinality(people) > 100 then
    raise exception 'a post has at most a hundred editors' using errcode = 'check_violation';
  end if;
  delete from app_web.post_editors e
   where e.organization_id = org and e.post_id = of_post and e.user_id <> all (people);
  return query
    insert into app_web.post_editors as e (organization_id, post_id, user_id)
    select org, of_post, u.user_id from public.users u
     where u.organization_id = org and u.user_id = any (people) and u.is_active and u.user_id <> author
    on conflict do nothing
    returning e.user_id;
end
$$;

-- Tells those of `people` who are its editors, as readers are told, by whoever decides on the post; gives who was told.
create function app_web.notify_of_editing(of_post uuid, people uuid[]) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
  named constant uuid[] := array(
    select e.user_id from app_web.post_editors e
     where e.organization_id = org and e.post_id = of_post and e.user_id = any (people)
       and exists (select from app_web.posts p
                    where p.organization_id = org and p.post_id = of_post
                      and app_web.decides_on(p.user_id, p.visibility, p.status, p.trashed_from)));
begin
  delete from public.notifications n
   where n.organization_id = org and n.user_id = any (named) and n.entity_id = of_post and n.kind = 'share'
     and n.read_at is not null;
  return query
    select app_web.tell_people(org, app.user_id(), of_post, null, named, array_fill('share'::text, array[cardinality(named)]));
end
$$;

-- What follows from who reads and writes a post ---------------------------------------------------------------

alter policy "who sees a post sees the words they were shown" on app_web.revisions
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                      where p.organization_id = revisions.organization_id and p.post_id = revisions.post_id)
         and (replaced_at is null or shown_to = 'organization'
              or user_id = (select app.user_id()) or author_id = (select app.user_id())
              or shown_to = 'people'
                 and exists (select from app_web.post_readers s
                              where s.organization_id = revisions.organization_id and s.post_id = revisions.post_id
                                and s.user_id = (select app.user_id()) and s.created_at < revisions.replaced_at)
              or exists (select from app_web.post_editors e
                          where e.organization_id = revisions.organization_id and e.post_id = revisions.post_id
                            and e.user_id = (select app.user_id()) and e.created_at < revisions.replaced_at)));

alter policy "people add files in their own name, to what they may change" on shared_services.files
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and (post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.post_id
                                and (p.user_id = (select app.user_id())
                                     or (select app.org_role()) in ('admin', 'moderator')
                                        and p.visibility = 'organization'
                                     or p.post_id in (select app_web.list_edited_posts()))))
              and (comment_id is null
                   or exists (select from app_web.comments c
                              where c.organization_id = files.organization_id and c.comment_id = files.comment_id
                                and c.user_id = (select app.user_id()) and c.removed_at is null)));
alter policy "people attach their files to what they may change" on shared_services.files
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and num_nonnulls(post_id, comment_id, message_id) = 1
              and (post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.post_id
                                and (p.user_id = (select app.user_id())
                                     or (select app.org_role()) in ('admin', 'moderator')
                                        and p.visibility = 'organization'
                                     or p.post_id in (select app_web.list_edited_posts()))))
              and (comment_id is null
                   or exists (select from app_web.comments c
                              where c.organization_id = files.organization_id and c.comment_id = files.comment_id
                                and c.user_id = (select app.user_id()) and c.removed_at is null))
              and (message_post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.message_post_id)));

-- The functions that say the same, each changed in the one place where it does: as 013, but a text that isn't there stops it.
do $$
declare
  change record;
  told text;
begin
  for change in
    select * from (values
      ('app_web.list_readers_of(uuid, uuid, uuid[])', -- 012
       'and (u.user_id = p.user_id',
       'and (u.user_id = p.user_id
            or exists (select from app_web.post_editors e
                        where e.organization_id = p.organization_id and e.post_id = p.post_id and e.user_id = u.user_id)'),
      ('app_web.list_post_readers(uuid)', -- 013
       'and (p.user_id = app.user_id()',
       'and (p.user_id = app.user_id() or p.status <> ''trashed'' and p.post_id in (select app_web.list_edited_posts())'),
      ('app_web.publish_due_posts(integer)', -- 013: the lists of whom are to be forgotten
       'where r.organization_id = p.organization_id and r.post_id = p.post_id)',
       'where r.organization_id = p.organization_id and r.post_id = p.post_id
                      union
                      select e.user_id from app_web.post_editors e
                       where e.organization_id = p.organization_id and e.post_id = p.post_id)'),
      ('app_web.list_own_posts(text, text, text, uuid, timestamptz, uuid, integer)', -- 013
       '  shared uuid[];',
       '  shared uuid[];
  edited uuid[];'),
      ('app_web.list_own_posts(text, text, text, uuid, timestamptz, uuid, integer)',
       '  return (
    select coalesce(json_agg(page.item)',
       '  edited := array(select app_web.list_edited_posts());
  return (
    select coalesce(json_agg(page.item)'),
      ('app_web.list_own_posts(text, text, text, uuid, timestamptz, uuid, integer)',
       'limit page_size)) as mine',
       'limit page_size)
                    union all
                    (select p.item, p.listed_at, p.post_id from app_web.post_items p
                      where p.organization_id = org and p.post_id = any (edited) and p.user_id <> me
                        and (p.status <> ''published'' or p.visibility = ''author''
                             or p.visibility = ''people'' and p.post_id <> all (shared))
                        and (case when with_status is null then p.status in (''draft'', ''published'')
                                  else p.status = with_status end)
                        and (by_author is null or p.user_id = by_author)
                        and (p.listed_at, p.post_id) < (last_at, before_id)
                        and (its_categories is null or p.category_id = any (its_categories))
                      order by p.listed_at + interval ''0'' desc, p.post_id desc
                      limit page_size)) as mine'),
      ('app_web.get_post(text, uuid, text)', -- 013
       '''readers'', case when',
       '''editors'', (select coalesce(jsonb_agg(jsonb_build_object(''user_id'', known.user_id, ''name'', known.name)
                                              order by known.name, known.user_id), ''[]'')
                            from (select e.user_id, (select u.name from public.users u
                                                      where u.organization_id = org and u.user_id = e.user_id) as name
                                    from app_web.post_editors e
                                   where e.organization_id = org and e.post_id = its_id
                                     and (select u.is_active from public.users u
                                           where u.organization_id = org and u.user_id = e.user_id)) as known),
              ''readers'', case when'),
      ('app_web.is_searched(uuid, uuid, boolean, text, uuid, uuid, text, text, text)', -- 017
       'where r.organization_id = org and r.post_id = its_id and r.user_id = me)',
       'where r.organization_id = org and r.post_id = its_id and r.user_id = me)
    or its_status <> ''trashed''
       and exists (select from app_web.post_editors e
                    where e.organization_id = org and e.post_id = its_id and e.user_id = me)'),
      ('app_web.mirrored_post(uuid, uuid)', -- 026
       'where r.organization_id = p.organization_id and r.post_id = p.post_id)',
       'where r.organization_id = p.organization_id and r.post_id = p.post_id),
           ''editors'', (select coalesce(jsonb_agg(e.user_id order by e.user_id), ''[]'')
                         from app_web.post_editors e
                        where e.organization_id = p.organization_id and e.post_id = p.post_id)'),
      ('app_web.compose_digest(uuid, uuid, timestamptz, timestamptz)', -- 022
       'where r.organization_id = org and r.user_id = person)',
       'where r.organization_id = org and r.user_id = person)
            or p.post_id in (select e.post_id from app_web.post_editors e
                              where e.organization_id = org and e.user_id = person)'),
      ('app_web.count_unread_posts(text, integer)', -- 024
       'r.organization_id = org and r.user_id = me);',
       'r.organization_id = org and r.user_id = me
                  union select app_web.list_edited_posts());'),
      ('app_web.count_unread_posts(text, integer)',
       'and p.status = ''published'' and p.visibility = ''people''',
       'and p.status = ''published'' and p.visibility <> ''organization'''),
      ('app_web.list_unread_posts(text, text, uuid, timestamptz, uuid, integer)', -- 024
       'r.organization_id = org and r.user_id = me);',
       'r.organization_id = org and r.user_id = me
                  union select app_web.list_edited_posts());'),
      ('app_web.list_unread_posts(text, text, uuid, timestamptz, uuid, integer)',
       'and p.status = ''published'' and p.visibility = ''people''',
       'and p.status = ''published'' and p.visibility <> ''organization''')
    ) as changes (of_function, said, says)
  loop
    told := pg_get_functiondef(change.of_function::regprocedure);
    if (length(told) - length(replace(told, change.said, ''))) <> length(change.said) then
      raise exception '% doesn''t say once what is to be changed', change.of_function;
    end if;
    execute replace(told, change.said, change.says);
  end loop;
end
$$;

-- Convex hears of them as of readers.
create trigger post_editors_mirror_insert after insert on app_web.post_editors
  referencing new table as new_rows for each statement execute function app_web.mirror_readers();
create trigger post_editors_mirror_delete after delete on app_web.post_editors
  referencing old table as old_rows for each statement execute function app_web.mirror_readers();

-- Who owns and who may call --------------------------------------------------------------------------------

grant create on schema app_web to dfworx_definer;
alter function app_web.list_edited_posts() owner to dfworx_definer;
alter function app_web.end_editing() owner to dfworx_definer;
alter function app_web.name_editors(uuid, uuid[]) owner to dfworx_definer;
alter function app_web.notify_of_editing(uuid, uuid[]) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;

revoke all on function
  app_web.list_edited_posts(), app_web.decides_on(uuid, text, text, text), app_web.guard_editor(), app_web.end_editing(),
  app_web.name_editors(uuid, uuid[]), app_web.notify_of_editing(uuid, uuid[]) from public;
grant execute on function app_web.decides_on(uuid, text, text, text) to dfworx_web, dfworx_definer;
grant execute on function
  app_web.list_edited_posts(), app_web.name_editors(uuid, uuid[]), app_web.notify_of_editing(uuid, uuid[]) to dfworx_web;
