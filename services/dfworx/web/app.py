"""The web service: posts, comments, categories, files and search under /api/web. Each slice adds its router."""

from __future__ import annotations

from fastapi import FastAPI

from dfworx.shared.serve import build_app
from dfworx.shared.settings import Settings, read_settings
from dfworx.shared.storage import Storage
from dfworx.web.categories.routes import router as categories
from dfworx.web.comments.routes import router as comments
from dfworx.web.file_links import FileLinks
from dfworx.web.files.actions import UploadLimits
from dfworx.web.files.routes import router as files
from dfworx.web.posts.routes import list_posts_again
from dfworx.web.posts.routes import router as posts
from dfworx.web.search.routes import router as search


def create_app(settings: Settings) -> FastAPI:
    hot = {"/api/web/posts": list_posts_again}
    app = build_app("web", "DFWorX web", settings, [posts, comments, categories, search, files], hot)
    app.state.lists_asked = {}
    app.state.storage = Storage(settings)
    app.state.file_links = FileLinks(settings)
    app.state.upload_limits = UploadLimits(settings.file_megabytes * 1_000_000)
    return app


def create() -> FastAPI:
    """For `uvicorn --factory dfworx.web.app:create`: the one place where this service reads its environment."""
    settings = read_settings()
    if settings.env != "development" and settings.file_key is None:
        raise SystemExit(
            "This service can't start. Set DFWORX_FILE_KEY, with which addresses of files are signed."
        )
    return create_app(settings)
