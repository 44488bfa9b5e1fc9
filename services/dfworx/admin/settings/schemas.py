"""What travels about settings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictInt

from dfworx.admin.people import Person
from dfworx.shared.organization_settings import Group
from dfworx.shared.serve import Body


class Setting(BaseModel):
    key: str
    group: Group
    description: str
    type: dict[str, Any]
    """What values fit, as a JSON Schema."""
    default: Any
    value: Any
    is_default: bool
    version: int
    """Another one after each change; 0 while nothing is chosen."""
    updated_at: datetime | None
    updated_by: Person | None


class SettingUpdate(Body):
    value: Annotated[Any, Field(description="null goes back to the default")]
    version: Annotated[
        StrictInt | None,
        Field(ge=0, le=2**53, description="The version that was looked at; 412 when there is another by now"),
    ] = None
