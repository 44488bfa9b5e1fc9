"""What travels about profiles."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from dfworx.shared.context import Role
from dfworx.shared.serve import Body
from dfworx.web.text import storable

LONGEST_BIO = 5000
LONGEST_TITLE = 100

_timezones = cache(available_timezones)


def _known_timezone(name: str) -> str:
    if name not in _timezones():
        raise ValueError("Name a time zone as in Europe/Oslo.")
    return name


# Measured first: pydantic trims and measures only what no function has seen before.
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TITLE), AfterValidator(storable)
]
Bio = Annotated[str, Field(max_length=LONGEST_BIO, description="Markdown"), AfterValidator(storable)]
Timezone = Annotated[
    str,
    Field(max_length=100, description="Of the IANA database, as in Europe/Oslo"),
    AfterValidator(_known_timezone),
]


class ProfileUpdate(Body):
    """Only what is given changes; `timezone: null` forgets it, nothing else may be null."""

    title: Title = Field(default_factory=str)
    bio: Bio = Field(default_factory=str)
    timezone: Timezone | None = None


class Profile(BaseModel):
    user_id: UUID
    name: str
    avatar_url: str | None
    role: Role
    is_active: bool
    """False for who left: what they wrote stays theirs."""
    title: str
    bio: str
    timezone: str | None
    joined_at: datetime
