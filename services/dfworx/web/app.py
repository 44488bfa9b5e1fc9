"""The web service: posts, comments, categories and search under /api/web. A slice is added by its router here."""

from __future__ import annotations

from fastapi import FastAPI

from dfworx.shared.serve import build_app, start_logging
from dfworx.shared.settings import Settings, read_settings
from dfworx.web.categories.routes import router as categories
from dfworx.web.comments.routes import router as comments
from dfworx.web.posts.routes import list_posts_again
from dfworx.web.posts.routes import router as posts
from dfworx.web.search.routes import router as search


def create_app(settings: Settings) -> FastAPI:
    hot = {"/api/web/posts": list_posts_again}
    app = build_app("web", "DFWorX web", settings, [posts, comments, categories, search], hot)
    app.state.lists_asked = {}
    return app


def create() -> FastAPI:
    """For `uvicorn --factory dfworx.web.app:create`: the one place where this service reads its environment."""
    settings = read_settings()
    start_logging("web", settings)
    return create_app(settings)
