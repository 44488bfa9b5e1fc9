"""The web service as it is compared with itself: without a cache, and without a cache and without walls; and the least
that could answer instead. Only the benchmark starts these, as factories for uvicorn; the product has no such switch."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dfworx.cli.benches.posts_lists import PAGE_SIZE, PLAIN, PLAIN_OWN
from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import Dataset
from dfworx.shared.db import Database
from dfworx.shared.settings import Settings, read_settings
from dfworx.web.app import create_app as create_web_app

PAGE_FILE = "run/page.json"
"""In the home: the body that the bare app answers with."""


class NoCache(Cache):
    """Keeps nothing and shares nothing: every reader loads."""

    async def get(
        self,
        organization_id: UUID,
        dataset: Dataset,
        name: str,
        load: Callable[[], Awaitable[bytes]],
        *,
        person: UUID | None = None,
    ) -> bytes:
        return await load()


class NoWalls(Database):
    """For the owner's login: each list's function is answered by its plain statement, with organization and person as
    arguments where the seal would be."""

    def seal(self, caller: Caller) -> str:
        return f"{caller.organization_id} {caller.user_id}"

    async def call(self, query: str, *args: Any) -> Any:
        found = re.search(r"app_web\.(\w+)\(", query)
        match (found and found.group(1), args):
            case ("list_published_posts", (str(caller), None, None, None, None, size)) if size == PAGE_SIZE:
                return await super().call(PLAIN, UUID(caller.split()[0]))
            case ("list_own_posts", (str(caller), None, None, None, None, None, size)) if size == PAGE_SIZE:
                return await super().call(PLAIN_OWN, *map(UUID, caller.split()))
            case (None, _):
                return await super().call(query, *args)
        raise NotImplementedError(f"no plain statement stands for: {query}")


def create_uncached() -> FastAPI:
    return without_cache(read_settings())


def create_no_rls() -> FastAPI:
    settings = read_settings()
    app = without_cache(settings)
    app.state.database = NoWalls(settings)
    return app


def create_bare() -> Starlette:
    body = (Path(os.environ["DFWORX_HOME"]) / PAGE_FILE).read_bytes()

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/api/web/posts", answer), Route("/api/web/health", answer)])


def without_cache(settings: Settings) -> FastAPI:
    app = create_web_app(settings)
    app.state.cache = NoCache(app.state.redis)
    return app
