"""People as the admin service names them: beside a setting, an entry of a log, a decision."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel


class Person(BaseModel):
    user_id: UUID
    name: str
    avatar_url: str | None


def person_of(user_id: UUID | None, name: str | None, avatar_url: str | None) -> Person | None:
    """None for nobody, and for who is in the organization no more."""
    return (
        None if user_id is None or name is None else Person(user_id=user_id, name=name, avatar_url=avatar_url)
    )
