"""What is asked of a search, and what it gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from dfworx.shared.context import Role
from dfworx.web.items import Author, PostItem, Status

Kind = Literal["post", "comment", "person"]
KINDS: tuple[Kind, ...] = ("post", "comment", "person")


def _in_utc(moment: datetime) -> datetime:
    """A day or time without a zone is UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("Name a time between the years 1 and 9999.") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]
KindFilter = Annotated[Kind | None, Query(description="All of them, when not given")]
AfterFilter = Annotated[
    Moment | None, Query(description="Posts published and comments written then or later")
]
BeforeFilter = Annotated[Moment | None, Query(description="Posts published and comments written earlier")]


class Asked(NamedTuple):
    """A search as it was asked for."""

    words: str
    kinds: tuple[Kind, ...]
    status: Status | None
    category: str | None
    author: UUID | None
    after: datetime | None
    before: datetime | None
    skip: int
    limit: int

    @property
    def narrowed_by_nothing(self) -> bool:
        return self.kinds == KINDS and not any(
            (self.status, self.category, self.author, self.after, self.before)
        )


class Part(BaseModel):
    text: str
    """Plain text, to be shown as it is: never markup."""
    hit: bool


class FoundPost(PostItem):
    kind: Literal["post"]
    title_parts: list[Part]
    snippet: list[Part]


class FoundComment(BaseModel):
    kind: Literal["comment"]
    comment_id: UUID
    post_id: UUID
    post_title: str
    post_slug: str
    author: Author
    created_at: datetime
    snippet: list[Part]


class FoundPerson(BaseModel):
    kind: Literal["person"]
    user_id: UUID
    name: str
    avatar_url: str | None
    role: Role
    name_parts: list[Part]


Found = Annotated[FoundPost | FoundComment | FoundPerson, Field(discriminator="kind")]


class Counts(BaseModel):
    """How many there are of each kind; the newest thousand or two of many."""

    post: int
    comment: int
    person: int


class SearchPage(BaseModel):
    items: list[Found]
    next_cursor: str | None
    counts: Counts
    corrected: str | None
    """What was searched instead, where nothing has a word as it was typed."""
