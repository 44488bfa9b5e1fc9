"""What travels about comments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from dfworx.shared.pages import Page
from dfworx.shared.serve import Body
from dfworx.web.items import Author
from dfworx.web.text import storable

LONGEST_COMMENT = 20_000


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("Write something.")
    return text


Content = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_COMMENT, description="Markdown; `@Name` mentions a person"),
    AfterValidator(storable),
    AfterValidator(_not_blank),
]


class CommentCreate(Body):
    content: Content
    parent_id: Annotated[
        UUID | None, Field(description="The comment under the same post that this one answers")
    ] = None


class CommentUpdate(Body):
    content: Content


class Mention(BaseModel):
    user_id: UUID
    name: str | None


class Comment(BaseModel):
    comment_id: UUID
    post_id: UUID
    parent_id: UUID | None
    """The comment that it answers; None begins a thread."""
    author: Author
    content: str | None
    """None once it is removed: it stays while there are answers to it."""
    removed: bool
    mentions: list[Mention]
    version: int
    """Counted up when the words change; the ETag of the comment."""
    resolved_at: datetime | None
    """Since when its thread is settled; None for answers."""
    created_at: datetime
    updated_at: datetime
    """When the words last changed."""


CommentPage = Page[Comment]
