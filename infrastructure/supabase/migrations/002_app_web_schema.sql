-- The web app's tables. Foreign keys between tables of an organization carry organization_id, so that no row
-- can point at another organization's row. Grants and policies follow in 003.

create table app_web.profiles (
  organization_id uuid not null,
  user_id         uuid not null,
  bio             text not null default '' check (length(bio) <= 5000),
  title           text not null default '' check (length(title) <= 100),
  timezone        text check (length(timezone) <= 100),
  preferences     jsonb not null default '{}',
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);

create table app_web.categories (
  category_id     uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  parent_id       uuid,
  name            text not null check (length(name) between 1 and 100),
  slug            text not null check (length(slug) between 1 and 100),
  description     text not null default '' check (length(description) <= 1000),
  position        integer not null default 0,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  unique (organization_id, category_id),
  unique (organization_id, slug),
  foreign key (organization_id, parent_id) references app_web.categories (organization_id, category_id)
);

create table app_web.posts (
  post_id         uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,
  category_id     uuid,
  title           text not null check (length(title) between 1 and 300),
  slug            text not null check (length(slug) between 1 and 200),
  content         text not null check (length(content) <= 1000000),
  excerpt         text not null default '' check (length(excerpt) <= 400),
  -- text with CHECK, not an enum: enum_eq is not leakproof and would keep indexes out of reach under RLS
  status          text not null default 'draft' check (status in ('draft', 'published', 'archived')),
  visibility      text not null default 'organization' check (visibility in ('organization', 'author')),
  version         integer not null default 1,
  comment_count   integer not null default 0 check (comment_count >= 0),
  metadata        jsonb not null default '{}',
  search          tsvector not null,                 -- kept by trigger (006)
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  published_at    timestamptz,
  archived_at     timestamptz,
  listed_at       timestamptz not null generated always as (coalesce(published_at, created_at)) stored,
  unique (organization_id, post_id),
  unique (organization_id, slug),
  foreign key (organization_id, user_id) references app_web.profiles (organization_id, user_id),
  foreign key (organization_id, category_id) references app_web.categories (organization_id, category_id)
    on delete set null (category_id)
);

create table app_web.revisions (
  revision_id     uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  post_id         uuid not null,
  version         integer not null,
  user_id         uuid not null,                     -- who made this version
  title           text not null,
  content         text not null,
  created_at      timestamptz not null default now(),
  unique (organization_id, post_id, version),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade,
  foreign key (organization_id, user_id) references app_web.profiles (organization_id, user_id)
);

create table app_web.comments (
  comment_id      uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  post_id         uuid not null,
  user_id         uuid not null,
  parent_id       uuid,
  content         text not null check (length(content) between 1 and 20000),
  version         integer not null default 1,
  resolved_at     timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  unique (organization_id, comment_id),
  unique (organization_id, post_id, comment_id),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade,
  foreign key (organization_id, user_id) references app_web.profiles (organization_id, user_id),
  -- a reply stays under the post of what it answers
  foreign key (organization_id, post_id, parent_id)
    references app_web.comments (organization_id, post_id, comment_id) on delete cascade
);

create table app_web.post_views (
  organization_id uuid not null,
  post_id         uuid not null,
  views           bigint not null default 0 check (views >= 0),
  primary key (organization_id, post_id),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade
);
