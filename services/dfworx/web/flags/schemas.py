"""What travels when somebody flags something."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from dfworx.shared.serve import Body
from dfworx.web.text import Text

Kind = Literal["post", "comment", "message"]
Reason = Literal["spam", "abuse", "off_topic", "confidential", "other"]
Id = Annotated[Text, Field(min_length=1, max_length=100)]


class FlagCreate(Body):
    kind: Kind
    entity_id: Annotated[Id, Field(alias="id", description="Of the post, comment or message")]
    thread_id: Annotated[Id | None, Field(description="Of a message's thread; nothing else has one")] = None
    reason: Reason
    note: Annotated[Text, Field(max_length=1000, description="In the person's own words")] = ""

    @model_validator(mode="after")
    def fits(self) -> Self:
        if (self.kind == "message") != (self.thread_id is not None):
            raise PydanticCustomError("thread_id", "Name the thread of a message, and of nothing else.")
        if self.kind != "message":
            try:
                self.entity_id = str(UUID(self.entity_id))
            except ValueError:
                raise PydanticCustomError("id", "This isn't an id. Send one that the API gave you.") from None
        return self


class Flag(BaseModel):
    flag_id: UUID
    kind: Kind
    id: str
    reason: Reason
    note: str
    created_at: datetime
