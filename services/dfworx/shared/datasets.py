"""The registry: each dataset once, with its home, its owner, its cache and the reason. Services take
names, keys and times to live from here; `dfworx route` prints it and answers where new data should live. A
test compares it with the database's catalog and with the keys in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

System = Literal["PostgreSQL", "Redis", "Convex"]
Trait = Literal["shared", "app", "realtime", "hot", "analytics"]


@dataclass(frozen=True, slots=True)
class Dataset:
    name: str
    """Schema and table in PostgreSQL; the key's first word in Redis; in Convex the table, behind `convex.`."""
    system: System
    owner: str
    """The only service that writes it."""
    traits: tuple[Trait, ...]
    why: str
    seconds: int = 0
    """How long Redis keeps what is read from it, or the entry itself; 0 is not at all."""
    embeds: tuple[str, ...] = ()
    """Datasets whose values its cached answers show: a change there makes these old too."""
    window: int = 0
    """A change makes cached answers old at once, and those that follow within so many seconds when they are over.
    0 is each at once."""

    def key(self, organization_id: UUID) -> str:
        """The start of its keys in Redis, for one organization."""
        return f"{self.name}:{organization_id}"


def _registry(*datasets: Dataset) -> dict[str, Dataset]:
    return {dataset.name: dataset for dataset in datasets}


MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

DATASETS = _registry(
    Dataset("public.organizations", "PostgreSQL", "auth", ("shared", "hot"),
            "every app shows whose it is; every other row names it", HOUR),
    Dataset("public.users", "PostgreSQL", "auth", ("shared", "hot"),
            "every app shows people: one row in each organization a person belongs to", HOUR),
    Dataset("public.notifications", "PostgreSQL", "web", ("shared", "hot"),
            "any app may tell people something; of it Redis keeps only how many are unread", MINUTE),
    Dataset("public.audit_logs", "PostgreSQL", "database", ("shared",),
            "who changed what, in every app: append only, written by triggers"),
    Dataset("public.audit_links", "PostgreSQL", "database", ("shared",),
            "a hash of each entry of the audit log and of all before it, so that a changed one shows"),
    Dataset("public.audit_heads", "PostgreSQL", "database", ("shared",),
            "how long each organization's chain of such hashes is, so that a removed end shows"),
    Dataset("app_auth.identities", "PostgreSQL", "auth", ("app",),
            "email and sealed password hash, for the auth service alone, behind definer functions"),
    Dataset("app_auth.invitations", "PostgreSQL", "auth", ("app",),
            "single use and expiring, found by the hash of its token"),
    Dataset("app_auth.api_tokens", "PostgreSQL", "auth", ("app",),
            "for programs, found by the hash of the token; the token itself is nowhere"),
    Dataset("app_auth.password_resets", "PostgreSQL", "auth", ("app",),
            "who asked for a mail to set another password; the token is in the mail alone, its hash here"),
    Dataset("app_web.profiles", "PostgreSQL", "web", ("app", "hot"),
            "what people tell about themselves; begins with a person's first write", 5 * MINUTE, ("public.users",)),
    Dataset("app_web.preferences", "PostgreSQL", "web", ("app",),
            "how somebody wants to be told and shown things; read by that person alone"),
    Dataset("app_web.categories", "PostgreSQL", "web", ("app", "hot"),
            "on every list of posts, and seldom changed", 5 * MINUTE),
    Dataset("app_web.posts", "PostgreSQL", "web", ("app", "hot"),
            "the list most people open first; also searched by PostgreSQL", 5 * MINUTE,
            ("public.users", "app_web.categories", "app_web.comments")),
    Dataset("app_web.post_readers", "PostgreSQL", "web", ("app",),
            "who may read a post that is for named people; asked by the posts' own policy"),
    Dataset("app_web.post_editors", "PostgreSQL", "web", ("app",),
            "who writes a post with its author, whatever its visibility; named by a definer function alone"),
    Dataset("app_web.post_slugs", "PostgreSQL", "web", ("app",),
            "every slug that a post has or had, so that no address which was given to people leads elsewhere"),
    Dataset("app_web.post_items", "PostgreSQL", "web", ("app",),
            "a view: a post with its author and category as lists show it, under the reader's own policies"),
    Dataset("app_web.revisions", "PostgreSQL", "web", ("app",),
            "every version of a post's words, so that no edit loses one"),
    Dataset("app_web.revision_items", "PostgreSQL", "web", ("app",),
            "a view: a revision with who wrote it, under the reader's own policies"),
    Dataset("app_web.comments", "PostgreSQL", "web", ("app",),
            "belongs to a post and is read with it, never cached; cached posts show how many there are", window=4),
    Dataset("app_web.comment_items", "PostgreSQL", "web", ("app",),
            "a view: a comment with its author and whom it mentions, under the reader's own policies"),
    Dataset("app_web.mentions", "PostgreSQL", "web", ("app",),
            "whom a comment names, so that they can be told and it can be found by person"),
    Dataset("app_web.mutes", "PostgreSQL", "web", ("app",),
            "which posts somebody wants to hear no more of, but when a comment names them"),
    Dataset("app_web.post_reads", "PostgreSQL", "web", ("app",),
            "which posts somebody has opened within ninety days, apart from the list that all share; theirs alone"),
    Dataset("app_web.read_marks", "PostgreSQL", "web", ("app",),
            "until when somebody has read all, so that what is older needs no row each"),
    Dataset("app_web.flags", "PostgreSQL", "web", ("app",),
            "what members want looked at, with what it was then; decided on in app_admin.decisions"),
    Dataset("app_web.digests", "PostgreSQL", "worker", ("app",),
            "when somebody's next digest is due and until when they were told; follows preference and time zone"),
    Dataset("app_web.mail_counts", "PostgreSQL", "worker", ("app",),
            "what went within a day to which address, as its hash: nobody is mailed without end"),
    Dataset("app_web.notification_items", "PostgreSQL", "web", ("app",),
            "a view: a notification with its post and comment as its reader may see them now"),
    Dataset("app_web.post_views", "PostgreSQL", "worker", ("app", "analytics"),
            "one number a post, apart from the post because it changes far more often"),
    Dataset("app_web.view_batches", "PostgreSQL", "worker", ("app",),
            "which batches of views are counted, so that none is twice; kept for a week"),
    Dataset("app_admin.admin_settings", "PostgreSQL", "admin", ("app",),
            "an organization's own rules, for its admins"),
    Dataset("app_admin.decisions", "PostgreSQL", "admin", ("app",),
            "what admins decided about what was flagged, and why"),
    Dataset("app_admin.reports", "PostgreSQL", "admin", ("app", "analytics"),
            "what admins have asked and keep, with what it said then"),
    Dataset("app_admin.analytics", "PostgreSQL", "worker", ("app", "analytics"),
            "one figure a day and metric, added up where the history is"),
    Dataset("app_admin.active_days", "PostgreSQL", "every service", ("app", "analytics"),
            "who did something on which day, so that people of a week or month are counted once"),
    Dataset("app_admin.request_days", "PostgreSQL", "every service", ("app", "analytics"),
            "how many requests each service answered an organization on a day, and in what time"),
    Dataset("app_admin.empty_searches", "PostgreSQL", "web", ("app", "analytics"),
            "words that nothing was found for, by day, without who searched; swept after a year"),
    Dataset("app_admin.analytics_marks", "PostgreSQL", "database", ("app",),
            "days whose figures are old, written by triggers and taken by the worker"),
    Dataset("app_admin.system_logs", "PostgreSQL", "worker", ("app",),
            "what the system tells an organization's admins"),
    Dataset("shared_services.outbox", "PostgreSQL", "every service", ("shared",),
            "what others must hear of, written in the transaction that made it happen"),
    Dataset("shared_services.deliveries", "PostgreSQL", "worker", ("shared",),
            "which consumer has which event, so that a second delivery is known"),
    Dataset("shared_services.files", "PostgreSQL", "web", ("shared",),
            "name, size, type and place of a file; its bytes are in object storage"),
    Dataset("shared_services.file_items", "PostgreSQL", "web", ("shared",),
            "a view: a file with its uploader, under the reader's own policies"),
    Dataset("shared_services.blobs", "PostgreSQL", "web", ("shared",),
            "what lies in the storage or is on its way there, behind functions: counted until its bytes are gone"),
    Dataset("shared_services.storage_usage", "PostgreSQL", "web", ("shared",),
            "the sum of an organization's blobs, which its quota is held against"),
    Dataset("shared_services.idempotency_keys", "PostgreSQL", "every service", ("shared",),
            "which writes were done that may be sent again, beside them in one transaction; swept after a day"),
    Dataset("shared_services.notifications", "PostgreSQL", "web", ("shared",),
            "a view of public.notifications for every app, under the reader's own policies"),
    Dataset("private.seal_keys", "PostgreSQL", "operator", ("shared",),
            "verifies the sealed context; no service can read it"),
    Dataset("convex.organizations", "Convex", "bridge", ("realtime",),
            "a copy of public.organizations: what they are called"),
    Dataset("convex.members", "Convex", "bridge", ("realtime",),
            "a copy of public.users without email: names beside messages, and roles that have just changed"),
    Dataset("convex.posts", "Convex", "bridge", ("realtime",),
            "of app_web.posts who may read and change each, so that its thread and shared text are as closed as it"),
    Dataset("convex.notifications", "Convex", "bridge", ("realtime",),
            "a copy of each person's newest in public.notifications, for the bell"),
    Dataset("convex.revocations", "Convex", "bridge", ("realtime",),
            "sessions that were ended, until the last token of theirs has expired"),
    Dataset("convex.departures", "Convex", "bridge", ("realtime",),
            "by which event a copy went, for a few days, so that a late one doesn't bring it back"),
    Dataset("convex.fillings", "Convex", "bridge", ("realtime",),
            "that this deployment was ever told all there is; without it the worker tells all again"),
    Dataset("convex.threads", "Convex", "convex", ("realtime",), "chat of the organization, by name and beside a post"),
    Dataset("convex.thread_counts", "Convex", "convex", ("realtime",),
            "how many messages a thread has, apart from it because each message changes that"),
    Dataset("convex.messages", "Convex", "convex", ("realtime",), "people watch them come"),
    Dataset("convex.tags", "Convex", "convex", ("realtime",),
            "an organization's words for what a message is, in five groups"),
    Dataset("convex.message_tags", "Convex", "convex", ("realtime",),
            "which messages have a tag, to find them by it"),
    Dataset("convex.reads", "Convex", "convex", ("realtime",), "up to where a person has read a thread; theirs alone"),
    Dataset("convex.typing", "Convex", "convex", ("realtime",), "who writes in a thread just now"),
    Dataset("convex.heartbeats", "Convex", "convex", ("realtime",),
            "when each device was last there: changes often, and nobody watches it"),
    Dataset("convex.presence", "Convex", "convex", ("realtime",), "who is here, away or gone, and where"),
    Dataset("convex.documents", "Convex", "convex", ("realtime",),
            "the text of a post while people write it; app_web.posts has it within seconds"),
    Dataset("convex.document_states", "Convex", "convex", ("realtime",),
            "what each change of a shared text moves on, apart from the text because people watch that"),
    Dataset("convex.document_updates", "Convex", "convex", ("realtime",),
            "each change of such a text, in order"),
    Dataset("convex.document_snapshots", "Convex", "convex", ("realtime",),
            "such a text whole, so that few changes are read"),
    Dataset("convex.cursors", "Convex", "convex", ("realtime",), "where in a text somebody is, while they are"),
    Dataset("convex.outgoing", "Convex", "convex", ("realtime",),
            "what the web service must hear of, written in the mutation that made it happen"),
    Dataset("session", "Redis", "auth", ("hot",),
            "asked at every request; gone means signed out", 30 * DAY),
    Dataset("sessions", "Redis", "auth", ("hot",),
            "which sessions a person has, to end them all", 30 * DAY),
    Dataset("generation", "Redis", "every service", ("hot",),
            "a number counted up at each change, which makes cached answers old; doesn't expire"),
    Dataset("views", "Redis", "web", ("hot",),
            "who has looked at which post, until the worker has counted it"),
    Dataset("viewed", "Redis", "web", ("hot",),
            "who has looked at which post in this hour, so that it counts once", 2 * HOUR),
    Dataset("online", "Redis", "web", ("hot",),
            "who of an organization is online, by Convex's last word, for REST", DAY),
    Dataset("LIMITS", "Redis", "every service", ("hot",),
            "how often somebody has tried to sign in, written or searched, in windows of at most an hour", HOUR),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Where data of one kind belongs."""

    question: str
    """What is true of such data."""
    home: str
    why: str


DECISIONS: dict[Trait, Answer] = {
    "shared": Answer(
        "Several apps use it",
        "PostgreSQL, schema public",
        "every app reads the same row, so there is one; what serves several apps is in shared_services",
    ),
    "app": Answer(
        "One app alone uses it",
        "PostgreSQL, schema app_{name}",
        "its tables can change without asking other apps, and no other app's service is granted them",
    ),
    "realtime": Answer(
        "People watch it change",
        "Convex",
        "a query runs again by itself when its data changes, and every screen has the answer at once",
    ),
    "hot": Answer(
        "It is read far more often than written",
        "Redis, in front of its home",
        "the cache may be lost at any time; only sessions and limits, which are nowhere else, live there",
    ),
    "analytics": Answer(
        "Questions add up much history",
        "PostgreSQL, with indexes made for the questions",
        "joins and sums run beside the rows they are about, under the same policies",
    ),
}
