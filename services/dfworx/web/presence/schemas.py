"""What travels about who is here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from dfworx.shared.pages import Page


class PersonOnline(BaseModel):
    user_id: UUID
    seen_at: AwareDatetime


class OnlinePerson(BaseModel):
    user_id: UUID
    seen_at: datetime


OnlinePage = Page[OnlinePerson]
