"""What travels about reading."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from dfworx.shared.serve import Body

MOST_COUNTED = 100
MOST_ASKED = 100


class Read(BaseModel):
    post_id: UUID
    is_unread: bool
    """Published by somebody else, and not opened since."""
    new_comments: Annotated[
        int, Field(description="Of others, since it was last open; at most 100, which means more than 99")
    ]


class ReadList(BaseModel):
    items: list[Read]
    """Of those that the caller may see, in no order."""


class UnreadPosts(BaseModel):
    count: Annotated[int, Field(description="At most 100, which means more than 99")]
    until: datetime
    """Up to when it was counted."""


class AllRead(Body):
    until: Annotated[
        AwareDatetime,
        Field(description="`until` of the count that was shown: what has come since stays unread"),
    ]
