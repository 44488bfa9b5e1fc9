"""One client, without its socket: what it asks for, what it watches, and what it is told.

At most one update is on its way. It waits until all that the client watches holds at one moment, and then one
Transition tells what is new. Versions and the order of frames follow the rules of `protocol`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Protocol
from uuid import UUID

from dfworx.realtime.acting import Acting
from dfworx.realtime.cohorts import Cohort, Cohorts, Hearer
from dfworx.realtime.protocol import (
    CHUNK_BYTES,
    Action,
    Add,
    Authenticate,
    BadRequest,
    Connect,
    Event,
    ModifyQuerySet,
    Mutation,
    QuerySet,
    Request,
    auth_error,
    chunks_of,
    fatal_error,
    mutation_done,
    mutation_failed,
    parse_request,
)
from dfworx.realtime.runtime.admin_key import AdminKey
from dfworx.realtime.runtime.callers import NOBODY, Caller, TokenRefused
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.executions import moment_of
from dfworx.realtime.runtime.failures import failure_of
from dfworx.realtime.runtime.jwks import Unreachable
from dfworx.realtime.runtime.line import Waiting, Written
from dfworx.realtime.watched_query import WatchedQuery

MOST_QUERIES = 1000
"""Watched by one client: each commit must find those whom it concerns."""
MOST_WAITING = 1000
"""Mutations and actions of one client, and messages that come while a token is looked at."""
MOST_TRIES = 6
"""How often commits may come in between before all queries of a client are run at one snapshot."""
PROTOCOL_ERROR, TRY_AGAIN_LATER = 1002, 1013
"""Close codes of RFC 6455. A client that is closed with the second comes back."""


class Outlet(Hearer, Protocol):
    """A client's socket."""

    def close(self, code: int, reason: str = "") -> None: ...


class Session:
    def __init__(
        self,
        deployment: Deployment,
        admin_key: AdminKey,
        cohorts: Cohorts,
        outlet: Outlet,
        *,
        takes_chunks: bool,
    ) -> None:
        """`takes_chunks`: whether the client knows of Transitions in parts."""
        self._deployment = deployment
        self._admin_key = admin_key
        self._cohorts = cohorts
        self.cohort: Cohort | None = None
        """That watches for this client, and sends to it; None while anything else goes on."""
        self._outlet = outlet
        self._takes_chunks = takes_chunks
        self.caller = NOBODY
        self._id: UUID | None = None
        self._asked = QuerySet()
        self._watched: dict[int, WatchedQuery] = {}
        self._missing: set[WatchedQuery] = set()
        """That have no execution."""
        self._running: set[WatchedQuery] = set()
        """That wait for a run: one at a time, so that a client with many queries stands in line like all others."""
        self._least = 0
        """The commit that the next Transition must have: the last one told of, or the client's own."""
        self._tries = 0
        self._repeats: int | None = 0
        """Mutations that a client which is back may be repeating; None: not counted yet."""
        self._due = False
        """Whether a Transition must be sent although nothing may have changed."""
        self._updating = False
        self._mutations: deque[tuple[Mutation, Caller]] = deque()
        """Each with who it was sent by. The first one is on its way."""
        self._acting = Acting(deployment, self._send)
        self._held: deque[Request] = deque()
        """Came while a token was looked at."""
        self._authenticating: asyncio.Task[None] | None = None
        self._closed = False

    # ------------------------------------------------------------------------------------------- what a client says

    def receive(self, frame: bytes) -> None:
        if self._closed:
            return
        if self.cohort is not None:
            self.leave_cohort()
        try:
            request = parse_request(frame)
            if self._authenticating is None:
                self._handle(request)
            elif len(self._held) < MOST_WAITING:
                self._held.append(request)
            else:
                self._end(TRY_AGAIN_LATER, "TooManyMessages")
        except BadRequest as error:
            self._refuse(str(error))

    def close(self) -> None:
        """The socket is gone, or about to go."""
        self._closed = True
        self._acting.leave()
        if self._authenticating is not None:
            self._authenticating.cancel()
        if self.cohort is not None:
            self.cohort.drop(self)
            self.cohort = None
        for watched in self._watched.values():
            self._drop(watched)
        self._watched.clear()

    def _handle(self, request: Request) -> None:
        if self._id is None and not isinstance(request, Connect):
            raise BadRequest("The first message must be Connect.")
        match request:
            case Connect():
                self._connect(request)
            case Authenticate():
                self._asked.authenticate(request)
                self._authenticating = asyncio.create_task(self._authenticate(request))
            case ModifyQuerySet():
                self._modify(request)
            case Mutation():
                self._require_root(request.component)
                if len(self._mutations) >= MOST_WAITING:
                    self._end(TRY_AGAIN_LATER, "TooManyMutations")
                    return
                self._mutations.append((request, self.caller))
                if len(self._mutations) == 1:
                    self._mutate()
            case Action():
                self._require_root(request.component)
                if len(self._acting) >= MOST_WAITING:
                    self._end(TRY_AGAIN_LATER, "TooManyActions")
                elif self._token_holds(self.caller):
                    self._acting.start(request, self.caller)
            case Event():
                pass

    def _connect(self, connect: Connect) -> None:
        if self._id is not None:
            raise BadRequest("A client connects once.")
        self._id = connect.session
        self._repeats = None if connect.count else 0
        if (connect.max_observed or 0) > self._deployment.ts:
            # It has seen what is not here: another deployment's documents, or a clock that went back.
            self._end(TRY_AGAIN_LATER, "InternalServerError: the client is ahead of this deployment")

    def _modify(self, request: ModifyQuerySet) -> None:
        for change in request.changes:
            if isinstance(change, Add):
                self._require_root(change.component)
        self._asked.modify(request)
        if len(self._asked.queries) > MOST_QUERIES:
            raise BadRequest(
                f"One client may watch at most {MOST_QUERIES} queries; ask for several things by one query."
            )
        for change in request.changes:
            if (gone := self._watched.pop(change.query, None)) is not None:
                self._drop(gone)
        for change in request.changes:
            if isinstance(change, Add) and self._asked.queries.get(change.query) is change:
                watched = self._watched[change.query] = WatchedQuery(self, change)
                self._missing.add(watched)
        self._due = True
        self._soon()

    def _drop(self, watched: WatchedQuery) -> None:
        watched.wanted = False
        self._missing.discard(watched)
        self._running.discard(watched)
        self._deployment.queries.release(watched)

    def _require_root(self, component: str | None) -> None:
        if component:
            raise BadRequest("Components aren't supported by this deployment.")

    # ------------------------------------------------------------------------------------------------- who it is

    async def _authenticate(self, request: Authenticate) -> None:
        try:
            self.caller = await self._caller(request)
        except Unreachable as error:
            self._end(TRY_AGAIN_LATER, error.code)
            return
        except TokenRefused as error:
            self._send(auth_error(str(error), request.base, attempted=True))
            self._end(PROTOCOL_ERROR, "AuthError")
            return
        # Whoever else it is may see something else.
        for watched in self._watched.values():
            self._lose(watched)
        self._due = True
        self._authenticating = None
        try:
            while self._held and self._authenticating is None and not self._closed:
                self._handle(self._held.popleft())
        except BadRequest as error:
            self._refuse(str(error))
        self._soon()

    async def _caller(self, request: Authenticate) -> Caller:
        """Raises TokenRefused."""
        match request.token.kind:
            case "none":
                return NOBODY
            case "user":
                return await self._deployment.program.providers.identify(request.token.value)
            case "admin":
                return self._admin_key.identify(request.token.value, request.token.acting_as)

    def _token_holds(self, caller: Caller) -> bool:
        """Looked at when it matters; nobody is sent away for doing nothing."""
        if caller.expires is None or time.time() < caller.expires:
            return True
        self._send(auth_error("TokenExpired", self._asked.told.identity, attempted=False))
        self._end(PROTOCOL_ERROR, "AuthError")
        return False

    # -------------------------------------------------------------------------------------------------- mutations

    def _mutate(self) -> None:
        first, caller = self._mutations[0]
        if self._token_holds(caller):
            assert self._id is not None
            request = self._id, first.request
            self._deployment.mutations.put(Waiting(first.path, first.args, self._mutated, caller, request))

    def _mutated(self, written: Written) -> None:
        if self._closed:
            return
        (mutation, _), result = self._mutations.popleft(), written.result
        if self._repeats:
            self._repeats -= 1
        if result.value is not None and written.ts is not None:
            self._send(mutation_done(mutation.request, result.value, written.ts, result.log_lines))
            # The client lets go of its optimistic update only with a Transition that has the commit.
            self._due, self._least = True, max(self._least, written.ts)
        else:
            failure = failure_of(mutation.path, result)
            self._send(mutation_failed(mutation.request, failure, result.log_lines))
            # PyPI's client (0.8.1) hands a ConvexError on with the next Transition, and not before.
            self._due = self._due or failure.data is not None
        self._soon()
        if self._mutations:
            self._mutate()

    # ---------------------------------------------------------------------------------------------------- updates

    def wake(self, watched: WatchedQuery) -> None:
        self._running.discard(watched)
        if watched.execution is not None:
            self._missing.discard(watched)
        if not self._running:
            self._update()

    def resume(self) -> None:
        """The client reads again."""
        self._soon()

    def _soon(self) -> None:
        if not self._updating and not self._closed:
            self._updating = True
            asyncio.get_running_loop().call_soon(self._update_later)

    def _update_later(self) -> None:
        self._updating = False
        self._update()

    def _update(self) -> None:
        if self._closed or self.cohort is not None:
            return
        if self._authenticating is not None or self._running or self._outlet.paused:
            return
        while self._token_holds(self.caller) and self._find_missing():
            executions = [each.execution for each in self._watched.values() if each.execution is not None]
            moment = moment_of(executions, self._least, self._deployment.ts)
            if moment is not None:
                self._tell(moment)
                self._tries = 0
            elif self._tries < MOST_TRIES:
                self._tries += 1
            else:
                self._run_together()
                return
            for watched in self._watched.values():
                if watched.execution is not None and watched.execution.until is not None:
                    self._lose(watched)
            if not self._missing or self._closed:
                break
        if not self._missing and not self._closed:
            self._join_cohort()

    def _find_missing(self) -> bool:
        """False: one waits for a run; or what a client repeats for its answer, since it would be shown twice before."""
        while self._missing:
            watched = next(iter(self._missing))
            if not self._deployment.queries.hold(watched, watched.least):
                self._running.add(watched)
                return False
            self._missing.discard(watched)
        if self._repeats is None:
            self._repeats = len(self._mutations)
        return not self._repeats

    def _lose(self, watched: WatchedQuery) -> None:
        """What it has holds no longer."""
        if watched.execution is not None:
            watched.least = watched.execution.until or 0
            self._deployment.queries.release(watched)
        self._missing.add(watched)

    def _run_together(self) -> None:
        for watched in self._watched.values():
            self._lose(watched)
            self._running.add(watched)
        self._deployment.queries.hold_together(list(self._running))

    def _tell(self, moment: int) -> None:
        """One Transition to this moment, unless there is nothing to tell."""
        news = [each for each in self._watched.values() if each.execution is not None and each.is_new]
        if not news and not self._due:
            return
        start, end, removed = self._asked.advance(moment, {each.number for each in news})
        self._due, self._least = False, moment
        told = tuple((each.number, each.execution) for each in news if each.execution is not None)
        frame = self._cohorts.transitions.frame(start, end, tuple(removed), told)
        for each in news:
            each.tell()
        if self._takes_chunks and len(frame) > CHUNK_BYTES:
            for part in chunks_of(frame.decode()):
                self._send(part)
        else:
            self._outlet.send(frame)

    # ---------------------------------------------------------------------------------------------------- cohorts

    def _join_cohort(self) -> None:
        """When there is one query alone, and the client was told all there is to tell."""
        if len(self._watched) != 1 or self._mutations or self._outlet.paused or self._due:
            return
        [watched] = self._watched.values()
        execution = watched.execution
        if execution is None or watched.is_new or execution.result.journal is not None:
            return
        self.cohort = self._cohorts.join(
            self, self._outlet, execution, self._asked.told, watched.number, self.caller
        )
        self._deployment.queries.release(watched)

    def leave_cohort(self) -> None:
        """To go on by itself from where the cohort stands."""
        cohort, [watched] = self.cohort, self._watched.values()
        assert cohort is not None
        self.cohort = None
        self._asked.told = cohort.version
        self._least = cohort.version.ts
        watched.told, watched.least = cohort.told.result, cohort.told.until or 0
        self._missing.add(watched)
        if not self._outlet.paused:
            # Before the cohort lets go of what it has.
            self._find_missing()
        cohort.drop(self)
        self._soon()

    def _send(self, frame: str) -> None:
        self._outlet.send(frame.encode())

    def _refuse(self, message: str) -> None:
        """The client broke the protocol, and would do so again."""
        self._send(fatal_error(message))
        self._end(PROTOCOL_ERROR, "BadRequest")

    def _end(self, code: int, reason: str) -> None:
        self.close()
        self._outlet.close(code, reason)
