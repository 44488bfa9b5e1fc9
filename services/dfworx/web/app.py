"""The web service: posts, comments, categories and search under /api/web. A slice is added by its router here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dfworx.shared.serve import build_app
from dfworx.shared.settings import Settings, read_settings
from dfworx.web.categories.routes import router as categories
from dfworx.web.comments.routes import router as comments
from dfworx.web.pins.routes import router as pins
from dfworx.web.posts.routes import list_posts_again
from dfworx.web.posts.routes import router as posts
from dfworx.web.preferences.routes import router as preferences
from dfworx.web.profiles.routes import router as profiles
from dfworx.web.revisions.routes import router as revisions
from dfworx.web.schedule.routes import router as schedule
from dfworx.web.search.routes import router as search
from dfworx.web.trash.routes import router as trash
from dfworx.web.view_buffer import ViewBuffer


def create_app(settings: Settings) -> FastAPI:
    hot = {"/api/web/posts": list_posts_again}
    # The pins first: their list would be taken for a post with the id `pinned`.
    routers = [pins, posts, schedule, trash, revisions, comments, categories, profiles, preferences, search]
    app = build_app("web", "DFWorX web", settings, routers, hot)
    app.state.lists_asked = {}
    app.state.comparing = asyncio.Semaphore(2)
    app.state.views = ViewBuffer(app.state.redis)
    serving = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with serving(app), app.state.views.flushing():
            yield

    app.router.lifespan_context = lifespan
    return app


def create() -> FastAPI:
    """For `uvicorn --factory dfworx.web.app:create`: the one place where this service reads its environment."""
    return create_app(read_settings())
