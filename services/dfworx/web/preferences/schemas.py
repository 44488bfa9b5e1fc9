"""What travels about preferences. Kept is only what somebody chose: what they did not is filled in here, and by the
SQL that tells people of things, with the same defaults."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from dfworx.shared.serve import Body

Theme = Literal["system", "light", "dark"]
Digest = Literal["off", "daily", "weekly"]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,7}$", max_length=71),
    Field(description="A language tag (BCP 47), as in nb or pt-BR"),
]


class Channels(BaseModel):
    in_app: bool = True
    mail: bool


class Notifications(BaseModel):
    """How somebody hears of each kind of thing."""

    mention: Channels = Channels(mail=True)
    reply: Channels = Channels(mail=True)
    comment: Channels = Channels(mail=False)
    share: Channels = Channels(mail=True)
    published: Channels = Channels(mail=False)


class Preferences(BaseModel):
    theme: Theme = "system"
    language: str | None = None
    """None is the language that the browser asks for."""
    digest: Digest = "weekly"
    notifications: Notifications = Notifications()


class ChannelsUpdate(Body):
    in_app: StrictBool = Field(default_factory=bool)
    mail: StrictBool = Field(default_factory=bool)


class NotificationsUpdate(Body):
    mention: ChannelsUpdate = Field(default_factory=ChannelsUpdate)
    reply: ChannelsUpdate = Field(default_factory=ChannelsUpdate)
    comment: ChannelsUpdate = Field(default_factory=ChannelsUpdate)
    share: ChannelsUpdate = Field(default_factory=ChannelsUpdate)
    published: ChannelsUpdate = Field(default_factory=ChannelsUpdate)


def _system() -> Theme:
    return "system"


def _weekly() -> Digest:
    return "weekly"


class PreferencesUpdate(Body):
    """Only what is given changes, at any depth; `language: null` forgets it, nothing else may be null."""

    theme: Theme = Field(default_factory=_system)
    language: Language | None = None
    digest: Digest = Field(default_factory=_weekly)
    notifications: NotificationsUpdate = Field(default_factory=NotificationsUpdate)


def filled_in(chosen: dict[str, Any]) -> Preferences:
    """With the defaults of what isn't chosen."""
    return Preferences.model_validate(merged(Preferences().model_dump(), chosen))


def merged(into: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """What a change at any depth leaves of it."""
    result = dict(into)
    for key, value in changes.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result
