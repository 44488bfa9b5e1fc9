"""What travels about notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from dfworx.shared.pages import Page
from dfworx.shared.serve import Body
from dfworx.web.items import Author

Kind = Literal["mention", "reply", "comment", "share", "published"]


class PostTold(BaseModel):
    post_id: UUID
    title: str
    slug: str


class CommentTold(BaseModel):
    comment_id: UUID
    excerpt: str
    """The beginning of its Markdown."""


class MessageTold(BaseModel):
    message_id: str
    thread_id: str
    """Both are Convex's: what it says is read there."""


class Notification(BaseModel):
    notification_id: UUID
    kind: Kind
    actor: Author | None
    """Who did it; None when nobody did, as when a post is published at its time."""
    post: PostTold | None
    comment: CommentTold | None
    message: MessageTold | None
    read_at: datetime | None
    """None while it is unread."""
    created_at: datetime


NotificationPage = Page[Notification]


class UnreadCount(BaseModel):
    count: Annotated[int, Field(description="At most 100, which means more than 99")]


class ReadAll(Body):
    until: Annotated[
        AwareDatetime,
        Field(description="created_at of the newest that was shown: what has come since stays unread"),
    ]


class ReadPost(Body):
    post_id: UUID


class Mute(BaseModel):
    muted: bool
