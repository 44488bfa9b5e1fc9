"""What travels about files; their bytes travel as they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from dfworx.shared.pages import Page
from dfworx.shared.serve import Body
from dfworx.web.items import Author


class FileAttach(Body):
    post_id: Annotated[UUID | None, Field(description="A post that the caller may change")] = None
    comment_id: Annotated[UUID | None, Field(description="A comment of the caller")] = None

    @model_validator(mode="after")
    def one_place(self) -> Self:
        if (self.post_id is None) == (self.comment_id is None):
            raise ValueError("Send post_id or comment_id, one of the two.")
        return self


class File(BaseModel):
    file_id: UUID
    post_id: UUID | None
    comment_id: UUID | None
    message_id: str | None
    """What it is attached to. Attached to nothing it is its uploader's alone, and goes after a day."""
    name: str
    media_type: str
    """As found in its bytes."""
    size_bytes: int
    sha256: str
    width: int | None
    height: int | None
    """In pixels; None for what isn't a picture."""
    uploader: Author
    created_at: datetime
    url: str
    """Its bytes, for ten minutes and for whom it was asked, without a token. Pictures are shown in place, all other
    files are downloads."""
    download_url: str
    """The same, as a download in any case."""


FilePage = Page[File]
