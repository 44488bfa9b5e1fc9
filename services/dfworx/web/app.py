"""The web service: posts, comments, categories, files and search under /api/web. Each slice adds its router."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dfworx.shared.serve import build_app, gather_routes, start_logging
from dfworx.shared.settings import Settings, read_settings
from dfworx.shared.storage import Storage
from dfworx.web.categories.routes import router as categories
from dfworx.web.comments.routes import router as comments
from dfworx.web.file_links import FileLinks
from dfworx.web.files.actions import UploadLimits
from dfworx.web.files.routes import router as files
from dfworx.web.flags.routes import router as flags
from dfworx.web.internal.routes import router as internal
from dfworx.web.notifications.routes import router as notifications
from dfworx.web.own_export.routes import router as own_export
from dfworx.web.pins.routes import router as pins
from dfworx.web.posts.routes import list_posts_again
from dfworx.web.posts.routes import router as posts
from dfworx.web.preferences.routes import router as preferences
from dfworx.web.presence.routes import router as presence
from dfworx.web.profiles.routes import router as profiles
from dfworx.web.reads.routes import router as reads
from dfworx.web.revisions.routes import router as revisions
from dfworx.web.schedule.routes import router as schedule
from dfworx.web.search.routes import router as search
from dfworx.web.trash.routes import router as trash
from dfworx.web.view_buffer import ViewBuffer

# These two first: their lists would be taken for posts with the ids `pinned` and `unread`.
SLICES = (
    pins,
    reads,
    posts,
    schedule,
    trash,
    revisions,
    comments,
    categories,
    profiles,
    preferences,
    notifications,
    files,
    flags,
    own_export,
    search,
    presence,
    internal,
)
ROUTES = gather_routes("web", *SLICES)


def create_app(settings: Settings) -> FastAPI:
    hot = {"/api/web/posts": list_posts_again}
    app = build_app("web", "DFWorX web", settings, ROUTES, hot)
    app.state.lists_asked = {}
    app.state.storage = Storage.of(settings)
    app.state.file_links = FileLinks(settings)
    app.state.upload_limits = UploadLimits(
        settings.file_megabytes * 1_000_000, settings.storage_gigabytes * 1_000_000_000
    )
    app.state.comparing = asyncio.Semaphore(2)
    app.state.exporting = asyncio.Semaphore(1)
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
    settings = read_settings()
    if settings.env != "development" and settings.file_key is None:
        raise SystemExit(
            "This service can't start. Set DFWORX_FILE_KEY, with which addresses of files are signed."
        )
    if settings.env != "development" and settings.internal_key is None:
        raise SystemExit(
            "This service can't start. Set DFWORX_INTERNAL_KEY, with which Convex's functions sign what they ask."
        )
    start_logging("web", settings)
    return create_app(settings)
