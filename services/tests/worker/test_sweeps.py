"""What is removed, and what is not yet."""

from __future__ import annotations

import asyncpg

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.sweeps import sweep_expired, sweep_jobs, sweep_outbox, sweep_system_logs
from tests.worker.conftest import MakeOrganization, Note


async def test_delivered_events_go_after_a_week_and_given_up_ones_after_two(
    owner: asyncpg.Connection,
    worker_database: Database,
    cache: Cache,
    make_organization: MakeOrganization,
    note: Note,
) -> None:
    organization = await make_organization("lumen")
    ages = {
        name: await note(organization) for name in ("new", "week", "waiting", "failed", "failed long ago")
    }
    await owner.execute(
        "update shared_services.outbox set handed_at = now(), created_at = now() - interval '1 year'"
    )
    delivered = (
        "update shared_services.outbox set delivered_at = now() - $2::text::interval where outbox_id = $1"
    )
    await owner.execute(delivered, ages["new"], "6 days")
    await owner.execute(delivered, ages["week"], "8 days")
    for name, age in (("waiting", None), ("failed", "13 days"), ("failed long ago", "15 days")):
        await owner.execute(
            "insert into shared_services.deliveries values ($1, $2, 'mail', null, now() - $3::text::interval)",
            *(organization, ages[name], age),
        )
    assert await sweep_outbox(worker_database, cache) == 2
    left = {row[0] for row in await owner.fetch("select outbox_id from shared_services.outbox")}
    assert left == {ages["new"], ages["waiting"], ages["failed"]}


async def test_expired_resets_and_invitations_go_and_others_stay(
    owner: asyncpg.Connection, worker_database: Database, cache: Cache, make_organization: MakeOrganization
) -> None:
    organization = await make_organization("lumen")
    await owner.execute(
        """
        insert into app_auth.password_resets (email, expires_at)
        values ('a@b.example', now() - interval '1 second'), ('b@b.example', now() + interval '1 minute')
        """
    )
    inviter = await owner.fetchval(
        "insert into public.users (organization_id, name, origin) values ($1, 'Ann', 'imported') returning user_id",
        organization,
    )
    for name, age in (("a", "31 days"), ("b", "29 days")):
        await owner.execute(
            """
            insert into app_auth.invitations (organization_id, email, role, token_hash, invited_by, expires_at)
            values ($1, $2 || '@c.example', 'member', sha256($2::text::bytea), $3, now() - $4::text::interval)
            """,
            *(organization, name, inviter, age),
        )
    assert await sweep_expired(worker_database, cache) == 2
    assert await owner.fetchval("select email from app_auth.password_resets") == "b@b.example"
    assert await owner.fetchval("select email from app_auth.invitations") == "b@c.example"


async def test_failed_jobs_stay_two_weeks(
    owner: asyncpg.Connection, worker_database: Database, cache: Cache
) -> None:
    for status, age in (("failed", "15 days"), ("failed", "13 days"), ("todo", "30 days")):
        job = await owner.fetchval(
            "insert into jobs.procrastinate_jobs (queue_name, task_name, status)"
            " values ('events', 'deliver', $1::text::jobs.procrastinate_job_status) returning id",
            status,
        )
        await owner.execute(
            "update jobs.procrastinate_events set at = now() - $2::text::interval where job_id = $1", job, age
        )
        await owner.execute(
            "insert into jobs.procrastinate_events (job_id, type, at)"
            " values ($1, 'failed', now() - $2::text::interval)",
            *(job, age),
        )
    assert await sweep_jobs(worker_database, cache) == 1
    left = await owner.fetch("select status::text from jobs.procrastinate_jobs order by 1")
    assert [row[0] for row in left] == ["failed", "todo"]


async def test_system_logs_go_when_their_organization_keeps_them_no_longer(
    owner: asyncpg.Connection, worker_database: Database, cache: Cache, make_organization: MakeOrganization
) -> None:
    usual, strict, odd = [await make_organization(name) for name in ("lumen", "umbra", "nova")]
    for organization, value in ((strict, "7"), (odd, '"a year"')):
        await owner.execute(
            "insert into app_admin.admin_settings (organization_id, key, value) values ($1, 'system_log_days', $2)",
            *(organization, value),
        )
    for organization in (usual, strict, odd):
        for days in (1, 8, 29, 31):
            await owner.execute(
                "insert into app_admin.system_logs (organization_id, service, level, message, created_at)"
                " values ($1, 'web', 'error', $2, now() - make_interval(days => $3))",
                *(organization, str(days), days),
            )
    assert await sweep_system_logs(worker_database, cache) == 5
    left = await owner.fetch(
        "select organization_id, array_agg(message order by system_log_id) as days"
        " from app_admin.system_logs group by 1"
    )
    assert {row["organization_id"]: row["days"] for row in left} == {
        usual: ["1", "8", "29"],
        strict: ["1"],
        odd: ["1", "8", "29"],
    }
