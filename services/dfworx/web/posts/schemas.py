"""What travels about posts: the wire's shapes, and what the importer hands over."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from dfworx.shared.serve import Body
from dfworx.web.items import Status, Visibility
from dfworx.web.text import require_slug, storable

LONGEST_TITLE = 300
LONGEST_CONTENT = 1_000_000
LONGEST_SLUG = 200
LARGEST_METADATA = 50_000
MOST_READERS = 100
MOST_EDITORS = 100


def _metadata(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    try:
        _storable(value)
        size = len(orjson.dumps(value))
    except (orjson.JSONEncodeError, RecursionError):
        raise ValueError(
            "Integers have at most 64 bits, and nothing is nested deeper than 250 levels."
        ) from None
    if size > LARGEST_METADATA:
        raise ValueError(f"It may have {LARGEST_METADATA} bytes as JSON at most.")
    return value


def _storable(value: JsonValue) -> None:
    """Refuses what jsonb can't keep, at any depth."""
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("JSON has no numbers such as NaN or Infinity. Leave them out.")
    elif isinstance(value, dict):
        for key, each in value.items():
            storable(key)
            _storable(each)
    elif isinstance(value, list):
        for each in value:
            _storable(each)


# Measured first: pydantic trims and measures only what no function has seen before.
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    AfterValidator(storable),
]
Content = Annotated[str, Field(max_length=LONGEST_CONTENT, description="Markdown"), AfterValidator(storable)]
Slug = Annotated[str, Field(max_length=LONGEST_SLUG), AfterValidator(storable), AfterValidator(require_slug)]
CategorySlug = Annotated[
    str, Field(max_length=100, description="The slug of a category"), AfterValidator(storable)
]
Metadata = Annotated[dict[str, JsonValue], AfterValidator(_metadata)]
Readers = Annotated[
    list[UUID],
    Field(
        max_length=MOST_READERS, description="user_ids, for `visibility: people`; its author needn't be there"
    ),
]
Editors = Annotated[
    list[UUID],
    Field(max_length=MOST_EDITORS, description="user_ids of those who write it with its author"),
]


def _to_the_organization() -> Visibility:
    # Defaults of what clients send come from factories: a default in the OpenAPI document would make the
    # generated TypeScript ask for the field.
    return "organization"


class PostCreate(Body):
    """A new post is a draft; its slug comes from the title when none is given. With `visibility: people` the
    `readers` read it once it is published, and nobody else. Its `editors` read and write it at once."""

    title: Title
    content: Content
    category: CategorySlug | None = None
    visibility: Visibility = Field(default_factory=_to_the_organization)
    readers: Readers = Field(default_factory=list)
    editors: Editors = Field(default_factory=list)
    slug: Slug | None = None
    metadata: Metadata = Field(default_factory=dict)


class PostUpdate(Body):
    """Only what is given changes. `category: null` takes the post out of its category; nothing else may be
    null. The slug stays when the title changes, so that links go on working; a slug that the post had before goes
    on leading to it. `readers` are all who read it from now on; another visibility forgets them. `editors` are all who
    write it with its author from now on, whatever its visibility. An editor changes title, content, category and
    metadata, and may give nothing else."""

    title: Title = Field(default_factory=str)
    content: Content = Field(default_factory=str)
    category: CategorySlug | None = None
    visibility: Visibility = Field(default_factory=_to_the_organization)
    readers: Readers = Field(default_factory=list)
    editors: Editors = Field(default_factory=list)
    slug: Slug = Field(default_factory=str)
    metadata: Metadata = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """A document that comes from outside, as it is to stand here. `metadata["import"]` holds its `source` (where
    it came from) and its `digest` (of all that is stored: the same digest means unchanged)."""

    slug: str
    title: str
    content: str
    category: str | None
    """The slug of a category that exists."""
    user_id: UUID
    """Its author: the importing admin, or a person without an account."""
    status: Status
    created_at: datetime | None
    """When it was written; also when it was published, if it is. None is now."""
    metadata: dict[str, Any] = field(default_factory=dict)
