"""What Convex's functions send, and what they are answered."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from dfworx.shared.serve import Body
from dfworx.web.posts.schemas import Content, Title
from dfworx.web.presence.schemas import PersonOnline
from dfworx.web.text import Text

ConvexId = Annotated[Text, Field(min_length=1, max_length=100)]


class PostText(BaseModel):
    post_id: UUID
    user_id: UUID
    content: str
    version: int
    may_change: bool


class ContentSaved(Body):
    content: Content
    version: Annotated[int, Field(ge=1)]
    """That the text was made from."""


class PostVersion(BaseModel):
    version: int


class DraftCreate(Body):
    title: Title
    content: Content


class Draft(BaseModel):
    post_id: UUID
    slug: str


class MessageSent(Body):
    message_id: ConvexId
    thread_id: ConvexId
    post_id: UUID | None
    """The post that its thread is beside."""
    text: Annotated[Text, Field(max_length=40_000)]
    answers: UUID | None
    """Whose message it answers."""
    file_ids: Annotated[list[UUID], Field(max_length=50)]


class Mentioned(BaseModel):
    mentioned: list[UUID]


class PeopleOnline(Body):
    people: Annotated[list[PersonOnline], Field(max_length=10_000)]
