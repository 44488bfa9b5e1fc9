"""Convex's sync protocol without a socket: what clients say, what they are told, and which versions may follow which.

Rule 1. A Transition starts where the one before ended, field by field; a client that sees another start is stuck.
Rule 2. Versions never go back. Those of queries and identity move only with the Transition that has their effect.
Rule 3. A mutation's answer is sent before any Transition that includes its commit, and one such Transition always
        follows, even an empty one: only then the client lets go of its optimistic update.
"""

from __future__ import annotations

from dfworx.realtime.protocol.answers import (
    CHUNK_BYTES,
    Failure,
    QueryFailed,
    QueryRemoved,
    QueryUpdated,
    action_done,
    action_failed,
    auth_error,
    chunks_of,
    fatal_error,
    mutation_done,
    mutation_failed,
    ping,
    transition,
)
from dfworx.realtime.protocol.requests import (
    Action,
    Add,
    Authenticate,
    BadRequest,
    Connect,
    Event,
    ModifyQuerySet,
    Mutation,
    Remove,
    Request,
    Token,
    parse_request,
)
from dfworx.realtime.protocol.timestamps import read_timestamp, write_timestamp
from dfworx.realtime.protocol.versions import QuerySet, Version

__all__ = [
    "CHUNK_BYTES",
    "Action",
    "Add",
    "Authenticate",
    "BadRequest",
    "Connect",
    "Event",
    "Failure",
    "ModifyQuerySet",
    "Mutation",
    "QueryFailed",
    "QueryRemoved",
    "QuerySet",
    "QueryUpdated",
    "Remove",
    "Request",
    "Token",
    "Version",
    "action_done",
    "action_failed",
    "auth_error",
    "chunks_of",
    "fatal_error",
    "mutation_done",
    "mutation_failed",
    "parse_request",
    "ping",
    "read_timestamp",
    "transition",
    "write_timestamp",
]
