"""What travels about revisions."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from dfworx.shared.pages import Page
from dfworx.web.differences import Op
from dfworx.web.items import Author


class RevisionItem(BaseModel):
    version: int
    """The post's version with these words."""
    title: str
    author: Author
    """Who wrote this version."""
    size: int
    """Characters of its content."""
    is_current: bool
    created_at: datetime
    """When these words were saved."""


class Revision(RevisionItem):
    content: str


RevisionPage = Page[RevisionItem]


class Part(BaseModel):
    op: Op
    text: str
    omitted: int
    """So many characters after the text are the same in both, and left out."""


class Difference(BaseModel):
    """Read in order, without what was deleted, the parts make `version`; without what was inserted, `against`."""

    version: int
    against: int | None
    """None for the first: all of it was inserted."""
    title: list[Part]
    content: list[Part]
