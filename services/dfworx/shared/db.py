"""One way to the database. A transaction begins by setting the sealed context and commits before the response
leaves; reads are READ ONLY, so a read endpoint can't write by accident, and the two have different types. The
pool connects lazily: a service outlives its database and answers 503 until it is back. Database errors are
turned into ours here, once, and never travel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, ParamSpec, Protocol
from uuid import UUID

import asyncpg
import orjson

from dfworx.shared.context import Caller, current_sealer
from dfworx.shared.errors import ApiError, Conflict, Invalid, NotAllowed, Unavailable
from dfworx.shared.settings import Settings

CONNECT_SECONDS = 5.0
QUEUE_SECONDS = 15.0
"""How long a request waits for one of the pool's connections: a crowd is answered late rather than turned away."""

# The connection broke under the query. InternalClientError is how asyncpg says that it met the end of a
# connection in the middle of its own bookkeeping.
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
_AWAY = (
    *_LOST,
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidAuthorizationSpecificationError,
)


P = ParamSpec("P")


class Reader(Protocol):
    """A transaction that can only read."""

    async def fetch(self, query: str, *args: Any) -> Sequence[asyncpg.Record]: ...
    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...


class Writer(Reader, Protocol):
    """A transaction that can write."""

    async def execute(self, query: str, *args: Any) -> None: ...

    def after_commit(self, call: Callable[P, Awaitable[None]], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Awaits the call once the transaction is committed, and when nobody knows whether it was: what forgets,
        or ends something outside of PostgreSQL, must do so in both cases."""


class _Transaction:
    """What a slice gets of a connection: statements with bound arguments by the extended protocol only. The simple
    protocol, which asyncpg's own `execute` takes without arguments, allows several statements in one text, and
    with them PREPARE: an injected one would outlive its request in the pool and run in the next caller's."""

    def __init__(self, connection: Any) -> None:
        self.fetch = connection.fetch
        self.fetchrow = connection.fetchrow
        self.fetchval = connection.fetchval
        self.afterwards: list[Callable[[], Awaitable[None]]] = []

    async def execute(self, query: str, *args: Any) -> None:
        await self.fetch(query, *args)

    def after_commit(self, call: Callable[P, Awaitable[None]], /, *args: P.args, **kwargs: P.kwargs) -> None:
        self.afterwards.append(partial(call, *args, **kwargs))


class ConstraintBroken(Conflict):
    """23505, and 23001, with which SQL of ours refuses what would break a rule between rows; `constraint` names it,
    for the slice that knows what it means."""

    def __init__(self, constraint: str) -> None:
        super().__init__("Something with the same name is already there, or depends on this.")
        self.constraint = constraint


class OutcomeUnknown(Unavailable):
    """The connection was lost under the commit."""

    detail = "The database doesn't answer, and may have saved this or not. Look at it again in a moment."


class Claims(Protocol):
    """What must be committed with a request's first write, or not at all."""

    async def take(self, writer: Writer, caller: Caller) -> None: ...
    def commit(self) -> None: ...


claimed: ContextVar[Claims | None] = ContextVar("claimed", default=None)
"""The claim of the request that is being answered, if it made one (serve/idempotency.py)."""


class Database:
    """A service's pool with its seal."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url.get_secret_value()
        self._size = settings.database_connections
        self._sealer = current_sealer(settings)
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    def seal(self, caller: Caller) -> str:
        """For SQL functions that take the sealed context themselves and need one round trip."""
        return self._sealer().seal(caller)

    def derive_key(self, purpose: bytes) -> bytes:
        """32 bytes that only this service can make again, and no more once its seal key was rotated."""
        return self._sealer().derive_key(purpose)

    @property
    def connections(self) -> tuple[int, int]:
        """How many are in use, and how many are open."""
        if self._pool is None:
            return 0, 0
        is_open = self._pool.get_size()
        return is_open - self._pool.get_idle_size(), is_open

    @asynccontextmanager
    async def read(self, caller: Caller) -> AsyncIterator[Reader]:
        async with self._transaction(self.seal(caller), readonly=True) as connection:
            yield connection

    @asynccontextmanager
    async def write(self, caller: Caller, *, beside: bool = False) -> AsyncIterator[Writer]:
        """Commits at the end of the block. What must then be forgotten goes to `after_commit`. `beside` what the
        request is for: its Idempotency-Key is left for that."""
        claim = None if beside else claimed.get()
        async with self._transaction(self.seal(caller), readonly=False) as connection:
            if claim is not None:
                await claim.take(connection, caller)
            yield connection
        if claim is not None:
            claim.commit()

    @asynccontextmanager
    async def identified(self, identity_id: UUID) -> AsyncIterator[Writer]:
        """For the identity whose password was just verified: it sees no row of any organization, and definer
        functions answer for it alone."""
        async with self._transaction(self._sealer().seal_identity(identity_id), readonly=False) as connection:
            yield connection

    @asynccontextmanager
    async def unsealed(self) -> AsyncIterator[Writer]:
        """A transaction without a caller: it sees no row of any organization and may call definer functions."""
        async with self._transaction(None, readonly=False) as connection:
            yield connection

    async def call(self, query: str, *args: Any) -> Any:
        """One value in one round trip, by a SQL function that takes the seal as its first argument and only
        reads; asked once more when the connection was lost under it."""
        for last_try in (False, True):
            try:
                with translated():
                    async with (await self._open()).acquire(timeout=QUEUE_SECONDS) as connection:
                        return await connection.fetchval(query, *args)
            except Unavailable as error:
                if last_try or not isinstance(error.__cause__, _LOST):
                    raise
        raise AssertionError

    async def ping(self) -> None:
        """Raises Unavailable when the database doesn't answer."""
        await self.call("select 1")

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def _transaction(self, seal: str | None, *, readonly: bool) -> AsyncIterator[Any]:
        committing = False
        afterwards: list[Callable[[], Awaitable[None]]] = []
        try:
            with translated():
                async with (await self._open()).acquire(timeout=QUEUE_SECONDS) as connection:
                    try:
                        async with connection.transaction(readonly=readonly):
                            if seal is not None:
                                await connection.execute("select set_config('dfx.ctx', $1, true)", seal)
                            transaction = _Transaction(connection)
                            yield transaction
                            afterwards = transaction.afterwards
                            committing = not readonly
                    except (*_LOST, OSError, TimeoutError) as error:
                        if committing:
                            raise OutcomeUnknown from error
                        raise
        except OutcomeUnknown:
            await _follow_up(afterwards)
            raise
        await _follow_up(afterwards)

    async def _open(self) -> asyncpg.Pool:
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await asyncpg.create_pool(
                        self._url,
                        min_size=0,
                        max_size=self._size,
                        init=_prepare,
                        timeout=CONNECT_SECONDS,
                        command_timeout=10,
                        server_settings={"application_name": "dfworx"},
                    )
        return self._pool


async def _follow_up(calls: list[Callable[[], Awaitable[None]]]) -> None:
    for call in calls:
        await call()


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads
    )


@contextmanager
def translated() -> Iterator[None]:
    """Database errors as ours. Their text stays here: it could tell what another organization has."""
    try:
        yield
    except ApiError:
        raise
    except (asyncpg.UniqueViolationError, asyncpg.RestrictViolationError) as error:
        raise ConstraintBroken(error.constraint_name or "") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotAllowed from error
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        raise Invalid from error
    except _AWAY as error:
        raise Unavailable(
            "The database doesn't answer. Try again in a moment; nothing was changed."
        ) from error
