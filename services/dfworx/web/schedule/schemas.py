"""What travels about scheduling."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from dfworx.shared.serve import Body


class PostSchedule(Body):
    publish_at: Annotated[
        AwareDatetime, Field(description="With its offset from UTC; in the future, at most a year ahead")
    ]
