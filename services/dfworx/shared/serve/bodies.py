"""What requests carry."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """What a request carries. A field that isn't ours is refused by name: a misspelt one must not pass in silence."""

    model_config = ConfigDict(extra="forbid")
