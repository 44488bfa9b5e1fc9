"""What the worker does by the clock: one line each. A function takes the database and the cache, does a bounded amount
and says how much it was; what it can't finish it goes on with at its next time. Of several workers one runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.storage import Storage
from dfworx.worker.convex import Deployment
from dfworx.worker.digests import mail_digests
from dfworx.worker.file_sweep import sweep_files
from dfworx.worker.idempotency_sweep import sweep_idempotency_keys
from dfworx.worker.letters import mail_resets
from dfworx.worker.mail import Mailer
from dfworx.worker.notification_mails import mail_notifications
from dfworx.worker.notification_sweep import sweep_notifications
from dfworx.worker.publishing import publish_due_posts
from dfworx.worker.replay import filling
from dfworx.worker.rollups import roll_up
from dfworx.worker.sweeps import (
    sweep_empty_searches,
    sweep_expired,
    sweep_jobs,
    sweep_outbox,
    sweep_system_logs,
)
from dfworx.worker.trash import purge_trash
from dfworx.worker.view_counts import store_views


@dataclass(frozen=True, slots=True)
class Schedule:
    cron: str
    """Minute, hour, day, month, weekday, in UTC, and where it is to be finer than a minute the second, last."""
    name: str
    run: Callable[[Database, Cache], Awaitable[int]]


def schedules(
    mailer: Mailer, storage: Storage, origin: str, deployment: Deployment | None = None
) -> tuple[Schedule, ...]:
    return (
        Schedule("* * * * * */5", "scheduled_posts", publish_due_posts),
        Schedule(
            "* * * * * */5", "password_resets", lambda database, _: mail_resets(database, mailer, origin)
        ),
        Schedule(
            "* * * * * */30",
            "notification_mails",
            lambda database, _: mail_notifications(database, mailer, origin),
        ),
        Schedule("* * * * * */5", "mirror_filling", filling(deployment)),
        Schedule("* * * * * */30", "view_counts", store_views),
        Schedule("* * * * *", "rollups", roll_up),
        Schedule("*/10 * * * *", "digests", lambda database, _: mail_digests(database, mailer, origin)),
        Schedule("7 * * * *", "outbox_sweep", sweep_outbox),
        Schedule("17 * * * *", "expired_sweep", sweep_expired),
        Schedule("23 * * * *", "system_log_sweep", sweep_system_logs),
        Schedule("25 * * * *", "empty_search_sweep", sweep_empty_searches),
        Schedule("27 * * * *", "jobs_sweep", sweep_jobs),
        Schedule("47 * * * *", "idempotency_sweep", lambda database, _: sweep_idempotency_keys(database)),
        Schedule("57 * * * *", "file_sweep", lambda database, _: sweep_files(database, storage)),
        Schedule("37 2 * * *", "trash", purge_trash),
        Schedule("37 3 * * *", "notification_sweep", sweep_notifications),
    )
