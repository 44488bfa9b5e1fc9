"""What travels about categories."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from dfworx.shared.pages import Page
from dfworx.shared.serve import Body
from dfworx.web.text import require_slug, storable

LONGEST_SLUG = 100
LAST_POSITION = 10_000

# Measured first: pydantic trims and measures only what no function has seen before.
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(storable),
]
Slug = Annotated[str, Field(max_length=LONGEST_SLUG), AfterValidator(storable), AfterValidator(require_slug)]
Description = Annotated[str, Field(max_length=1000), AfterValidator(storable)]
Position = Annotated[
    int, Field(ge=0, le=LAST_POSITION, description="Categories are listed by position, then by name")
]
Parent = Annotated[
    str,
    Field(max_length=LONGEST_SLUG, description="The slug of the category above it"),
    AfterValidator(storable),
]


class CategoryCreate(Body):
    """The slug comes from the name when none is given."""

    name: Name
    slug: Slug | None = None
    description: Description = Field(default_factory=str)
    parent: Parent | None = None
    position: Position = Field(default_factory=int)


class CategoryUpdate(Body):
    """Only what is given changes; `parent: null` moves it to the top, nothing else may be null."""

    name: Name = Field(default_factory=str)
    slug: Slug = Field(default_factory=str)
    description: Description = Field(default_factory=str)
    parent: Parent | None = None
    position: Position = Field(default_factory=int)


class Category(BaseModel):
    category_id: UUID
    name: str
    slug: str
    description: str
    parent: str | None
    """The slug of the category above it."""
    path: list[str]
    """The slugs from the top down to its own."""
    depth: int
    """1 at the top, and 5 at most."""
    position: int
    created_at: datetime
    updated_at: datetime


CategoryPage = Page[Category]
