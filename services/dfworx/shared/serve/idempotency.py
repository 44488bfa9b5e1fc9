"""Writes that are sent again, by the model of draft-ietf-httpapi-idempotency-key-header. The key's row is inserted by
the transaction of the write itself, so it is there exactly if the write was done, whatever became of the process;
what was answered is added by a second transaction and given to whoever sends the same again. What failed and rolled
back leaves nothing, and is tried anew. Nothing of this runs for reads."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
from typing import Any

import asyncpg
import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.shared.caller import SAFE_METHODS
from dfworx.shared.context import Caller
from dfworx.shared.db import Database, claimed
from dfworx.shared.errors import ApiError, Conflict, Invalid
from dfworx.shared.serve.problems import problem_response

HEADER = "Idempotency-Key"
LONGEST = 200
TAKES_NO_KEY = {"x-idempotency-key": "ignored"}
"""For `openapi_extra`: what begins a session, or gives a token, says a secret that is said once."""

_KEY = re.compile(r"[!-~]{1,200}")
_KEPT_HEADERS = (b"content-type", b"cache-control", b"etag", b"location")
_LARGEST_ANSWER = 100_000
"""Longer ones are read again by whoever sends the same again: a day of them would fill the disk."""
_WAIT_SECONDS = 10.0
"""For the first request with a key, in this process; in another, the lock's own time-out holds (migration 019)."""
_POLLS, _POLL_SECONDS = 20, 0.1
"""For its answer, which is written a moment after the commit."""

_Mine = tuple[Any, Any, bytes]


class KeyReused(Conflict):
    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was sent with another request. Send a new one."


class KeyInUse(Conflict):
    code = "idempotency_key_in_use"
    detail = (
        "The first request with this Idempotency-Key is still being worked on. Send it again in a moment."
    )

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class AnswerLost(Conflict):
    code = "idempotency_answer_lost"
    detail = "This was done by an earlier request, but its answer was not kept. Read it again to see it."


class DoneBefore(ApiError):
    """Not an answer of its own: what the first request was answered takes its place."""

    status = 409


class Claim:
    """One request's key. `Database.write` takes it by `take`, in the transaction of the write."""

    def __init__(
        self, database: Database, key: str, scope: Scope, running: dict[_Mine, asyncio.Event]
    ) -> None:
        headers = Headers(scope=scope)
        self._database = database
        self._running = running
        self._key_hash = hashlib.sha256(key.encode()).digest()
        self._secret = AESGCM(database.derive_key(b"idempotency:" + key.encode()))
        asking = [
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            headers.get("if-match"),
        ]
        self._asking = hashlib.sha256(orjson.dumps(asking))
        self._is_read = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
        self._caller: Caller | None = None
        self._mine: _Mine | None = None
        self._is_taken = False
        self.is_committed = False
        """What is answered from now on is kept."""

    def read(self, event: Message) -> None:
        """The body as it flows by: it is never held here, however long it is."""
        if event["type"] == "http.request":
            self._asking.update(event.get("body", b""))
            self._is_read = self._is_read or not event.get("more_body", False)

    async def begin(self, caller: Caller) -> None:
        """Once the caller is known. Raises DoneBefore, or KeyInUse."""
        if self._mine is not None:
            return
        mine = (caller.organization_id, caller.user_id, self._key_hash)
        # In turn: those who wait for the first hold no connection while they do.
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                while (first := self._running.get(mine)) is not None:
                    await first.wait()
        except TimeoutError:
            raise KeyInUse from None
        self._caller, self._mine = caller, mine
        self._running[mine] = asyncio.Event()
        # A body that is read by the route itself is compared when it writes.
        if self._is_read and await self._find() is not None:
            raise DoneBefore

    async def take(self, writer: Any, caller: Caller) -> None:
        """Raises DoneBefore, or KeyInUse; a second transaction of the request takes nothing more."""
        self._is_taken = False
        if caller != self._caller or self.is_committed:
            return
        fingerprint = self._asking.digest()
        try:
            is_mine = await writer.fetchval(
                "select shared_services.claim_key($1, $2)", self._key_hash, fingerprint
            )
        except asyncpg.LockNotAvailableError as error:
            raise KeyInUse from error
        if not is_mine:
            raise DoneBefore
        self._is_taken = True

    def commit(self) -> None:
        self.is_committed = self.is_committed or self._is_taken

    def end(self) -> None:
        if self._mine is not None:
            self._running.pop(self._mine).set()

    async def keep(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """The answer, which nobody reads without the key that the client made and the service's own."""
        assert self._caller is not None
        kept = {name.decode(): value.decode("latin-1") for name, value in headers if name in _KEPT_HEADERS}
        said = orjson.dumps([status, kept]) + b"\n" + body
        nonce = os.urandom(12)
        async with self._database.write(self._caller) as writer:
            await writer.execute(
                """
                update shared_services.idempotency_keys set answer = $4
                 where organization_id = $1 and user_id = $2 and key_hash = $3
                """,
                *(self._caller.organization_id, self._caller.user_id, self._key_hash),
                nonce + self._secret.encrypt(nonce, said, self._key_hash),
            )

    async def answer_again(self) -> Response:
        """What the first request was answered. Raises KeyReused, KeyInUse, or AnswerLost."""
        for _ in range(_POLLS):
            row = await self._find()
            if row is None:
                raise KeyInUse
            if row["fingerprint"] != self._asking.digest():
                raise KeyReused
            if row["answer"] is not None:
                return self._open(row["answer"])
            if not row["is_young"]:
                break
            await asyncio.sleep(_POLL_SECONDS)
        raise AnswerLost

    def _open(self, answer: bytes) -> Response:
        try:
            said = self._secret.decrypt(answer[:12], answer[12:], self._key_hash)
        except InvalidTag:  # the service's key was changed since
            raise AnswerLost from None
        head, _, body = said.partition(b"\n")
        status, headers = orjson.loads(head)
        return Response(body, status, {**headers, "Idempotency-Replayed": "true"})

    async def _find(self) -> asyncpg.Record | None:
        assert self._caller is not None
        async with self._database.read(self._caller) as reader:
            return await reader.fetchrow(
                """
                select fingerprint, answer, created_at > now() - interval '10 seconds' as is_young
                  from shared_services.idempotency_keys
                 where organization_id = $1 and user_id = $2 and key_hash = $3
                """,
                *(self._caller.organization_id, self._caller.user_id, self._key_hash),
            )


async def answer_done_before(request: Request, error: Exception) -> Response:
    claim = claimed.get()
    assert isinstance(claim, Claim)
    try:
        return await claim.answer_again()
    except ApiError as refused:
        return problem_response(refused)


class Once:
    """Gives each write that carries a key its claim, and keeps what is answered to it."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self._app = app
        self._database = database
        self._running: dict[_Mine, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            return await self._app(scope, receive, send)
        keys = Headers(scope=scope).getlist(HEADER)
        if not keys:
            return await self._app(scope, receive, send)
        if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
            refused = Invalid(
                f"Send one {HEADER} of 1 to {LONGEST} visible ASCII characters.",
                code="invalid_idempotency_key",
            )
            return await problem_response(refused)(scope, receive, send)
        claim = Claim(self._database, keys[0], scope, self._running)

        async def listen() -> Message:
            event = await receive()
            claim.read(event)
            return event

        token = claimed.set(claim)
        try:
            await self._app(scope, listen, _Answer(claim, send).send)
        finally:
            claimed.reset(token)
            claim.end()


class _Answer:
    """Holds back what is answered to a write that was done until it is kept, so that whoever has seen it once can see
    it again. What failed, and what is too long to keep, goes on at once."""

    def __init__(self, claim: Claim, send: Send) -> None:
        self._claim = claim
        self._send = send
        self._held: list[Message] = []
        self._bytes = 0
        self._is_held = False

    async def send(self, event: Message) -> None:
        if event["type"] == "http.response.start":
            self._is_held = self._claim.is_committed and event["status"] < 500
        if not self._is_held:
            return await self._send(event)
        self._held.append(event)
        self._bytes += len(event.get("body", b""))
        ends = event["type"] == "http.response.body" and not event.get("more_body", False)
        if ends and self._bytes <= _LARGEST_ANSWER:
            start, *parts = self._held
            # Done is done: whether the answer can be kept as well changes nothing about it.
            with contextlib.suppress(ApiError):
                await self._claim.keep(
                    start["status"], start["headers"], b"".join(part.get("body", b"") for part in parts)
                )
        if ends or self._bytes > _LARGEST_ANSWER:
            self._is_held = False
            for each in self._held:
                await self._send(each)


def takes_key(route: Any) -> bool:
    return not TAKES_NO_KEY.keys() & (route.openapi_extra or {}).keys()


def describe_keys(document: dict[str, Any]) -> None:
    """Adds the header to every write of an OpenAPI document that asks who is calling."""
    for methods in document["paths"].values():
        for method, operation in methods.items():
            is_write = method.upper() not in SAFE_METHODS and "security" in operation
            if not is_write or TAKES_NO_KEY.keys() & operation.keys():
                continue
            operation.setdefault("parameters", []).append(_PARAMETER)
            operation["responses"].setdefault(
                "409", operation["responses"]["422"] | {"description": "Conflict"}
            )


_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same write sent again with the same key, within a day, is done once and answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
}
