"""The web service: posts, comments, categories and search under /api/web. A slice is added by its router here."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from dfworx.shared.serve import build_app
from dfworx.shared.settings import Settings, read_settings
from dfworx.web.categories.routes import router as categories
from dfworx.web.comments.routes import router as comments
from dfworx.web.posts.routes import list_posts_again
from dfworx.web.posts.routes import router as posts
from dfworx.web.preferences.routes import router as preferences
from dfworx.web.profiles.routes import router as profiles
from dfworx.web.revisions.routes import router as revisions
from dfworx.web.search.routes import router as search


def create_app(settings: Settings) -> FastAPI:
    hot = {"/api/web/posts": list_posts_again}
    app = build_app(
        "web",
        "DFWorX web",
        settings,
        [posts, comments, categories, search, profiles, preferences, revisions],
        hot,
    )
    app.state.lists_asked = {}
    app.state.comparing = asyncio.Semaphore(2)
    return app


def create() -> FastAPI:
    """For `uvicorn --factory dfworx.web.app:create`: the one place where this service reads its environment."""
    return create_app(read_settings())
