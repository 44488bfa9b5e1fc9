"""What routes ask for: the service's own database and cache, and a transaction that commits before the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from dfworx.shared.cache import Cache
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.db import Database, Reader, Writer


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def get_cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


Db = Annotated[Database, Depends(get_database)]
CacheDep = Annotated[Cache, Depends(get_cache)]


async def _reading(database: Db, caller: CurrentCaller) -> AsyncIterator[Reader]:
    async with database.read(caller) as reader:
        yield reader


async def _writing(database: Db, caller: CurrentCaller) -> AsyncIterator[Writer]:
    async with database.write(caller) as writer:
        yield writer


# scope="function": the commit comes before the response. With FastAPI's default the client has its 200 first,
# even when the commit then fails.
Reading = Annotated[Reader, Depends(_reading, scope="function")]
Writing = Annotated[Writer, Depends(_writing, scope="function")]
