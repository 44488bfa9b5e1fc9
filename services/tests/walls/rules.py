"""The catalog gate: what no migration may bring, each as a query for offenders over the server's own catalog, and
the mistakes that show the query to see. A rule also says how many things it looked at, so that none passes by
reading nothing."""

from __future__ import annotations

from dataclasses import dataclass

OURS = "('public', 'private', 'app', 'app_auth', 'app_web', 'app_admin', 'shared_services')"
_OUR_SCHEMA = f"(n.nspname in {OURS} or n.nspname like 'app\\_%')"
# The job library's schema has tables as the library makes them: its wall is that nobody but the worker may enter.
_IN_JOBS = """
    select format('schema jobs to %s', a.grantee::regrole) as name, a.privilege_type as right,
           case a.grantee when 0 then 'public' else a.grantee::regrole::text end as who
      from pg_namespace n cross join aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
     where n.nspname = 'jobs'
    union all
    select format('%s on %s to %s', a.privilege_type, c.oid::regclass, a.grantee::regrole), a.privilege_type,
           case a.grantee when 0 then 'public' else a.grantee::regrole::text end
      from pg_class c cross join aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r'
       end::"char", c.relowner))) a
     where c.relnamespace = 'jobs'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select format('column %s of %s to %s', t.attname, c.oid::regclass, a.grantee::regrole), a.privilege_type,
           case a.grantee when 0 then 'public' else a.grantee::regrole::text end
      from pg_attribute t join pg_class c on c.oid = t.attrelid cross join aclexplode(t.attacl) a
     where c.relnamespace = 'jobs'::regnamespace and t.attnum > 0
    union all
    select format('%s to %s', p.oid::regprocedure, a.grantee::regrole), a.privilege_type,
           case a.grantee when 0 then 'public' else a.grantee::regrole::text end
      from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     where p.pronamespace = 'jobs'::regnamespace"""
_JOBS_FUNCTIONS = """
    select p.*, p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'jobs'::regnamespace"""
_TABLES = f"""
    select c.*, n.nspname, format('%s.%s', n.nspname, c.relname) as name,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id'
                      and not a.attisdropped) as of_an_organization
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and {_OUR_SCHEMA}"""
_FUNCTIONS = f"""
    select p.*, p.oid::regprocedure::text as name, n.nspname
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {_OUR_SCHEMA}"""
_SERVICES = "('dfworx_auth', 'dfworx_web', 'dfworx_admin', 'dfworx_worker', 'dfworx_tenant')"
_EVERYBODY = (
    "('dfworx_auth', 'dfworx_web', 'dfworx_admin', 'dfworx_worker', 'dfworx_tenant', 'authenticated', 'anon')"
)

# A context call, and the same inside a sub-select of its own, which PostgreSQL runs once a statement. Counted, not
# searched for: one wrapped call beside a bare one must not hide it. pg_get_expr writes them always the same way.
_ASKED = r"(app\.(ctx|org_id|user_id|org_role|proven_identity)|auth\.(jwt|uid|role|email)|current_setting)\("
_WRAPPED = rf"\( SELECT {_ASKED}"

UNIQUE_ACROSS = {
    "organizations_slug_key": "the short name of an organization, with which people sign in",
    "identities_email_key": "a person has one password for all their organizations",
    "invitations_token_hash_key": "found by the hash of a secret, before anybody acts for an organization",
    "invitations_mail_token_hash_idx": "found by the hash of a secret, before anybody acts for an organization",
    "api_tokens_token_hash_key": "found by the hash of a secret, before anybody acts for an organization",
}


@dataclass(frozen=True)
class Rule:
    name: str
    subjects: str
    """Everything that it looks at, with `name`."""
    offends: str
    """Which of them offend."""
    mistakes: tuple[str, ...]
    """Statements of the owner, separated by newlines where one needs several, that the rule must find."""

    @property
    def offenders(self) -> str:
        return f"select s.name::text from ({self.subjects}) s where {self.offends} order by 1"

    @property
    def count(self) -> str:
        return f"select count(*) from ({self.subjects}) s"


_POLICIES = """
    select p.*, format('%s: %s', p.polrelid::regclass, p.polname) as name, n.nspname,
           concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as text,
           array(select case r when 0 then 'public' else r::regrole::text end from unnest(p.polroles) r) as roles
      from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace"""
_VIEWS = f"""
    select c.*, format('%s.%s', n.nspname, c.relname) as name from pg_class c
      join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v' and {_OUR_SCHEMA}"""
_RIGHTS = f"""
    select format('%s on %s to %s', a.privilege_type, c.oid::regclass,
                  case a.grantee when 0 then 'public' else a.grantee::regrole::text end) as name,
           a.privilege_type as right, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as who,
           a.is_grantable, c.relkind, c.oid, n.nspname
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     cross join aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r'
       end::"char", c.relowner))) a
     where {_OUR_SCHEMA} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')"""
_COLUMN_RIGHTS = f"""
    select format('%s (%s) on %s to %s', a.privilege_type, t.attname, c.oid::regclass, a.grantee::regrole) as name,
           a.privilege_type as right, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as who,
           t.attname, t.attidentity, t.attgenerated, c.oid,
           t.attnum = any (coalesce((select i.indkey::int2[] from pg_index i
                                      where i.indrelid = c.oid and i.indisprimary), '{{}}')) as in_key,
           exists (select from pg_attrdef d where d.adrelid = c.oid and d.adnum = t.attnum) as made_by_server
      from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace
     cross join aclexplode(t.attacl) a where {_OUR_SCHEMA} and t.attnum > 0"""
_FOREIGN_KEYS = f"""
    select k.*, format('%s: %s', k.conrelid::regclass, k.conname) as name,
           array(select a.attname::text from unnest(k.conkey) with ordinality u (n, place)
                   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by place) as columns
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and {_OUR_SCHEMA}"""
_HAS_ORGANIZATION = (
    "exists (select from pg_attribute a where a.attrelid = {0} and a.attname = 'organization_id'"
    " and not a.attisdropped)"
)
_UNIQUE = f"""
    select i.*, c.relname::text as name, c.relname,
           array(select a.attname::text from unnest(i.indkey::int2[]) u (n)
                   join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.n) as columns
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indisunique and {_OUR_SCHEMA}"""

RULES = (
    Rule("every table has row level security", _TABLES, "not s.relrowsecurity",
         ("alter table app_web.posts disable row level security", "create table app_web.bare (organization_id uuid)")),
    Rule("every table has a policy", _TABLES, "not exists (select from pg_policy p where p.polrelid = s.oid)",
         ("create table app_web.bare (a int)\nalter table app_web.bare enable row level security",)),
    Rule("no policy is for everybody", _POLICIES, "'public' = any (s.roles) and s.nspname <> 'auth'",
         ("create policy mine on app_web.posts using (organization_id = (select app.org_id()))",)),
    Rule("a policy that says true is the definer's", _POLICIES,
         "(s.polqual is not null and pg_get_expr(s.polqual, s.polrelid) !~ 'org_id|user_id'"
         " or s.polwithcheck is not null and pg_get_expr(s.polwithcheck, s.polrelid) !~ 'org_id|user_id')"
         " and s.roles <> array['dfworx_definer']",
         ("create policy mine on app_web.posts for select to dfworx_web using (true)",
          "create policy mine on app_web.posts for insert to dfworx_web with check (1 = 1)",
          "create policy mine on app_web.posts for update to dfworx_web using (organization_id = (select app.org_id()))"
          " with check (true)",
          "create policy mine on public.users to dfworx_auth, dfworx_definer using (true)")),
    Rule("every policy names the organization", _POLICIES,
         "s.roles <> array['dfworx_definer'] and (s.polqual is not null and"
         " pg_get_expr(s.polqual, s.polrelid) !~ 'organization_id = '"
         " or s.polwithcheck is not null and pg_get_expr(s.polwithcheck, s.polrelid) !~ 'organization_id = ')",
         ("create policy mine on app_web.posts for select to dfworx_web using (user_id = (select app.user_id()))",)),
    Rule("every context call of a policy is wrapped", _POLICIES,
         f"regexp_count(s.text, '{_ASKED}') <> regexp_count(s.text, '{_WRAPPED}')",
         ("create policy mine on app_web.posts for select to dfworx_web using (organization_id = app.org_id())",
          "create policy mine on app_web.posts for select to dfworx_web using (organization_id = (select app.org_id())"
          " and user_id = app.user_id())",
          "create policy mine on app_web.posts for select to authenticated"
          " using (organization_id = (auth.jwt() ->> 'org_id')::uuid)",
          "create policy mine on app_web.posts for select to dfworx_web"
          " using (organization_id = (select app.org_id()) or title = current_setting('x'))")),
    Rule("no view calls the context for each row", _VIEWS, f"pg_get_viewdef(s.oid) ~ '{_ASKED}'",
         ("create view app_web.mine with (security_invoker = true) as select app.org_id() from app_web.posts",)),
    Rule("every view has the reader's rights", _VIEWS,
         "not coalesce(s.reloptions @> array['security_invoker=true'] or s.reloptions @>"
             " array['security_invoker=on'], false)",
         ("create view app_web.mine as select 1", "alter view app_web.post_items reset (security_invoker)",
          "alter view app_web.post_items set (security_invoker = false)")),
    Rule("no materialized views, no foreign tables", _RIGHTS, "s.relkind in ('m', 'f')",
         ("create materialized view app_web.mine as select 1",)),
    Rule("a definer function has a fixed search path", _FUNCTIONS,
         "s.prosecdef and not exists (select from unnest(s.proconfig) c where c in"
         " ('search_path=\"\"', 'search_path=pg_catalog, pg_temp'))",
         ("create function app.mine() returns int security definer language sql as 'select 1'",
          "alter function app.audit() reset search_path", "alter function app.audit() set search_path = public")),
    Rule("every function has a fixed search path", _FUNCTIONS,
         "not exists (select from unnest(s.proconfig) c where c in"
         " ('search_path=\"\"', 'search_path=pg_catalog, pg_temp'))",
         ("create function app.mine() returns int language sql as 'select 1'",)),
    Rule("a definer function belongs to dfworx_definer", _FUNCTIONS,
         "s.prosecdef and s.proowner::regrole::text <> 'dfworx_definer'",
         ("create function app.mine() returns int security definer set search_path = '' language sql as 'select 1'",)),
    Rule("no function is everybody's", _FUNCTIONS,
         "exists (select from aclexplode(coalesce(s.proacl, acldefault('f', s.proowner))) a where a.grantee = 0)"
         " or has_function_privilege('anon', s.oid, 'execute') or has_function_privilege('authenticated',"
             " s.oid, 'execute')",
         ("grant execute on function app.org_id() to public",
             "grant execute on function app.org_id() to authenticated")),
    Rule("the context's functions are stable", f"{_FUNCTIONS} and p.prosrc ~"
        f" 'dfx[.]ctx|app[.](ctx|org_id|user_id|org_role)[(]'",
         "s.provolatile = 'i'", ("alter function app.org_id() immutable", "alter function app.ctx(integer) immutable")),
    Rule("what policies ask is stable", f"{_FUNCTIONS} and p.proname in ('ctx', 'org_id', 'user_id', 'org_role')",
         "s.provolatile <> 's'", ("alter function app.user_id() volatile", "alter function app.org_role() immutable")),
    Rule("no right that policies don't mind", _RIGHTS,
         "s.right in ('TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN') and s.who not in ('postgres', current_user,"
         " 'service_role', 'dfworx_definer')",
         ("grant truncate on app_web.posts to dfworx_web", "grant trigger on app_web.posts to dfworx_admin",
          "grant references on app_web.posts to authenticated", "grant all on app_web.posts to public")),
    Rule("rows are written by column", _RIGHTS,
         f"s.right in ('INSERT', 'UPDATE') and s.who in {_EVERYBODY} or s.who = 'public'",
         ("grant insert on app_web.posts to dfworx_web", "grant update on public.users to dfworx_auth",
          "grant select on app_web.posts to public")),
    Rule("no right is handed on", _RIGHTS, f"s.is_grantable and s.who in {_EVERYBODY}",
         ("grant select on app_web.posts to dfworx_web with grant option",)),
    Rule("no service has a right on a counter", _RIGHTS,
        "s.relkind = 'S' and s.who in ('public', 'anon', 'authenticated',"
         " 'dfworx_auth', 'dfworx_web', 'dfworx_admin', 'dfworx_worker', 'dfworx_tenant')",
         ("grant usage on sequence public.audit_logs_audit_log_id_seq to dfworx_web",
          "grant select on sequence public.audit_logs_audit_log_id_seq to authenticated")),
    Rule("the organization of a row never changes", _COLUMN_RIGHTS,
        "s.right = 'UPDATE' and s.attname = 'organization_id'",
         ("grant update (organization_id) on app_web.posts to dfworx_web",
          "grant update (organization_id) on app_web.posts to dfworx_definer")),
    Rule("ids are the server's to make", _COLUMN_RIGHTS,
         f"s.who in {_EVERYBODY} and s.right in ('INSERT', 'UPDATE') and s.in_key and s.made_by_server",
         ("grant insert (post_id) on app_web.posts to dfworx_web",
             "grant update (post_id) on app_web.posts to dfworx_web")),
    Rule("no column is everybody's", _COLUMN_RIGHTS, "s.who in ('public', 'anon')",
         ("grant select (title) on app_web.posts to anon",)),
    Rule("anon has nothing", _RIGHTS, "s.who = 'anon'", ("grant select on app_web.posts to anon",)),
    Rule("authenticated reads and no more", f"{_RIGHTS} union all select c.name, c.right, c.who, false,"
        f" 'r', c.oid, '' from ({_COLUMN_RIGHTS}) c",
         "s.who = 'authenticated' and s.right <> 'SELECT'",
         ("grant insert (title) on app_web.posts to authenticated", "grant delete on app_web.posts to authenticated")),
    Rule("schemas are for who needs them", f"""
            select format('%s on %s to %s', a.privilege_type, n.nspname, a.grantee::regrole) as name, n.nspname,
                   a.privilege_type as right, case a.grantee when 0 then 'public' else
                     a.grantee::regrole::text end as who
              from pg_namespace n cross join aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
             where {_OUR_SCHEMA}""",
         "s.right = 'CREATE' and (s.who = 'public' or s.who like 'dfworx%' or s.who in ('anon', 'authenticated'))"
         " or s.nspname = 'private' and s.who not in ('dfworx_definer', current_user)"
         " or s.who = 'anon' and s.nspname <> 'public' or s.who = 'public' and s.nspname <> 'public'"
         " or s.nspname in ('app', 'app_auth', 'app_admin') and s.who = 'authenticated'",
         ("grant create on schema app_web to dfworx_web", "grant usage on schema private to dfworx_web",
          "grant usage on schema app_auth to authenticated", "grant usage on schema app_web to public",
          "grant create on schema app to dfworx_definer")),
    Rule("nobody is a member of more", """
            select format('%s in %s', m.member::regrole, m.roleid::regrole) as name, m.member::regrole::text as who,
                   m.roleid::regrole::text as what from pg_auth_members m
             where m.member::regrole::text ~ '^(dfworx_|authenticated$|anon$)' or m.roleid::regrole::text ~
               '^dfworx_'""",
         "not (s.what = 'dfworx_tenant' and s.who in ('dfworx_web', 'dfworx_admin')) and s.who <> current_user",
         ("grant dfworx_definer to dfworx_web", "grant dfworx_tenant to dfworx_auth",
             "grant dfworx_web to dfworx_admin",
          "grant dfworx_web to authenticated", "grant dfworx_tenant to authenticated")),
    Rule("no role of ours is powerful", "select rolname as name, * from pg_roles where rolname like 'dfworx\\_%'",
         "s.rolsuper or s.rolbypassrls or s.rolcreaterole or s.rolcreatedb or s.rolreplication"
         " or s.rolcanlogin <> (s.rolname in ('dfworx_auth', 'dfworx_web', 'dfworx_admin', 'dfworx_worker'))",
         ("alter role dfworx_web createrole", "alter role dfworx_definer login", "alter role dfworx_worker createdb")),
    Rule("services make nothing in the database",
         "select r.rolname as name from pg_roles r where r.rolname like 'dfworx\\_%'",
         "has_database_privilege(s.name, current_database(), 'TEMP') or has_database_privilege(s.name,"
             " current_database(), 'CREATE')",
         ("do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$",
          "do $$ begin execute format('grant create on database %I to dfworx_worker', current_database()); end $$")),
    Rule("keys between an organization's tables carry it", _FOREIGN_KEYS,
         f"{_HAS_ORGANIZATION.format('s.conrelid')} and {_HAS_ORGANIZATION.format('s.confrelid')}"
         " and not 'organization_id' = any (s.columns)",
         ("alter table app_web.comments add foreign key (post_id) references app_web.posts (post_id)",)),
    Rule("uniqueness is within the organization", _UNIQUE,
         f"{_HAS_ORGANIZATION.format('s.indrelid')} and not 'organization_id' = any (s.columns)"
         " and not (s.indisprimary and exists (select from pg_attribute a left join pg_attrdef d on"
             " d.adrelid = a.attrelid"
         " and d.adnum = a.attnum where a.attrelid = s.indrelid and a.attnum = s.indkey[0]"
         " and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) = 'gen_random_uuid()')))"
         f" and s.name not in ({', '.join(repr(each) for each in UNIQUE_ACROSS)})",
         ("create unique index mine on app_web.posts (slug)",
             "alter table public.users add constraint mine unique (email)",
          "create unique index mine on public.users (lower(name))")),
    Rule("every foreign key has its index", _FOREIGN_KEYS,
         "not exists (select from pg_index i where i.indrelid = s.conrelid and i.indpred is null and i.indisvalid"
         " and (i.indkey::int2[])[0:cardinality(s.conkey) - 1] @> s.conkey"
         " and s.conkey @> (i.indkey::int2[])[0:cardinality(s.conkey) - 1])",
         ("drop index app_web.comments_organization_id_user_id_idx",
          "alter table app_web.comments add foreign key (parent_id, organization_id) references app_web.comments"
          " (comment_id, organization_id)")),
    Rule("no column is an enum", f"""
            select format('%s.%s', c.oid::regclass, a.attname) as name, a.atttypid from pg_attribute a
              join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
             where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and {_OUR_SCHEMA}""",
         "exists (select from pg_type t where t.oid = s.atttypid and t.typtype = 'e')",
         ("create type app_web.mood as enum ('a')\nalter table app_web.posts add column mood app_web.mood",)),
    Rule("no rules, no event triggers, no publications", """
            select 'rule ' || rulename as name, 'rule' as kind from pg_rewrite where rulename <> '_RETURN'
              and ev_class >= 16384
             union all select 'publication ' || pubname, 'publication' from pg_publication
             union all select format('trigger %s', tgname), 'trigger' from pg_trigger where not tgisinternal""",
         "s.kind <> 'trigger'",
         ("create rule mine as on insert to app_web.posts do instead nothing",
          "create publication mine for table app_web.posts")),
    Rule("schema jobs is the worker's alone", _IN_JOBS,
         "s.who not in ('dfworx_worker', current_user)"
         " or s.who = 'dfworx_worker' and s.right in ('CREATE', 'TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN')",
         ("grant usage on schema jobs to dfworx_web", "grant usage on schema jobs to public",
          "grant create on schema jobs to dfworx_worker", "grant select on jobs.procrastinate_jobs to dfworx_admin",
          "grant update (args) on jobs.procrastinate_jobs to dfworx_tenant",
          "grant usage on sequence jobs.procrastinate_jobs_id_seq to dfworx_auth",
          "grant execute on function jobs.procrastinate_register_worker_v1() to public",
          "grant truncate on jobs.procrastinate_jobs to dfworx_worker")),
    Rule("a function in schema jobs has its search path, and its caller's rights", _JOBS_FUNCTIONS,
         "s.prosecdef or not coalesce(s.proconfig @> array['search_path=jobs, pg_catalog'], false)",
         ("alter function jobs.procrastinate_register_worker_v1() reset search_path",
          "alter function jobs.procrastinate_register_worker_v1() security definer")),
    Rule("triggers run our functions", """
            select format('%s on %s', t.tgname, t.tgrelid::regclass) as name,
              p.pronamespace::regnamespace::text as nspname,
              exists (select from pg_class c where c.oid = t.tgrelid and c.relnamespace = 'jobs'::regnamespace)
                as in_jobs,
                   t.tgenabled from pg_trigger t join pg_proc p on p.oid = t.tgfoid where not t.tgisinternal""",
         "s.nspname not like 'app%' and not (s.nspname = 'jobs' and s.in_jobs) or s.tgenabled <> 'O'",
         ("alter table app_web.posts disable trigger posts_audit",
          "create trigger mine before update on app_web.posts for each row"
          " execute function suppress_redundant_updates_trigger()")),
)  # fmt: skip
