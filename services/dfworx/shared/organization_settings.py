"""The registry of what an organization's admins may set: each key once, with its type, its bounds, its default and what
it does. The admin service writes by it and shows it; who obeys a setting asks for it here. A value that is kept and
doesn't fit any more, as after a release with narrower bounds, counts as not chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, HttpUrl, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from dfworx.shared.db import Reader

Group = Literal["joining", "passwords", "branding", "limits", "retention"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OrganizationSetting(Generic[T]):
    key: str
    group: Group
    type: TypeAdapter[T]
    default: T
    description: str

    def accept(self, value: Any) -> T:
        """The value, cleaned. Raises ValidationError."""
        return self.type.validate_python(value, strict=True)

    async def read(self, reader: Reader) -> T:
        """As the organization of the reader's seal has it."""
        try:
            value = await reader.fetchval("select app.setting($1)", self.key)
            return self.default if value is None else self.accept(value)
        except ValidationError:
            return self.default


def _domain(text: str) -> str:
    try:
        return validate_email(f"a@{text.strip()}", check_deliverability=False).domain.lower()
    except EmailNotValidError:
        raise PydanticCustomError("domain", "Write a domain, such as example.org.") from None


def _unlike(domains: list[str]) -> list[str]:
    return sorted(set(domains))


def _color(text: str) -> str:
    color = text.strip().lower()
    if color and not re.fullmatch("#[0-9a-f]{6}", color):
        raise PydanticCustomError("color", "Write a color as # and six hexadecimal digits, such as #2a6f97.")
    return color


def _picture(text: str) -> str:
    address = text.strip()
    try:
        url = TypeAdapter(HttpUrl).validate_python(address) if address else None
    except ValidationError:
        url = None
    if address and (url is None or url.scheme != "https" or url.username or url.password):
        raise PydanticCustomError("picture", "Write an address that begins with https://.")
    return str(url) if url else ""


def _storable(text: str) -> str:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("unstorable", "This holds characters that can't be stored. Leave them out.")
    return text


_LONGEST_INSTALL_MEGABYTES = 5000
_LONGEST_INSTALL_GIGABYTES = 1_000_000

SIGN_UP: OrganizationSetting[str] = OrganizationSetting(
    "sign_up",
    "joining",
    TypeAdapter(Literal["invitation", "closed"]),
    "invitation",
    "Who may join: whoever an admin has invited, or nobody. Closed also ends invitations that wait for an answer.",
)
ALLOWED_DOMAINS: OrganizationSetting[list[str]] = OrganizationSetting(
    "allowed_domains",
    "joining",
    TypeAdapter(
        Annotated[
            list[Annotated[str, Field(max_length=253), AfterValidator(_domain)]],
            Field(max_length=100),
            AfterValidator(_unlike),
        ]
    ),
    [],
    "Domains of the email addresses that may be invited and join. Without any, all may. Who is in stays in.",
)
PASSWORD_MIN_LENGTH: OrganizationSetting[int] = OrganizationSetting(
    "password_min_length",
    "passwords",
    TypeAdapter(Annotated[int, Field(ge=8, le=128)]),
    8,
    "How many characters a password has at least. Holds for passwords that are chosen from now on.",
)
ACCENT_COLOR: OrganizationSetting[str] = OrganizationSetting(
    "accent_color",
    "branding",
    TypeAdapter(Annotated[str, Field(max_length=20), AfterValidator(_color)]),
    "",
    "The color of buttons and links, as # and six hexadecimal digits. Empty for the usual one.",
)
LOGO_URL: OrganizationSetting[str] = OrganizationSetting(
    "logo_url",
    "branding",
    TypeAdapter(Annotated[str, Field(max_length=2000), AfterValidator(_storable), AfterValidator(_picture)]),
    "",
    "The address of a picture in place of the organization's initial. Empty for none.",
)
WELCOME_TEXT: OrganizationSetting[str] = OrganizationSetting(
    "welcome_text",
    "branding",
    TypeAdapter(Annotated[str, Field(max_length=500), AfterValidator(_storable)]),
    "",
    "A sentence or two for people who have just joined.",
)
UPLOAD_MEGABYTES: OrganizationSetting[int | None] = OrganizationSetting(
    "upload_megabytes",
    "limits",
    TypeAdapter(Annotated[int, Field(ge=1, le=_LONGEST_INSTALL_MEGABYTES)]),
    None,
    "How large one file may be, in megabytes. Never more than the install takes.",
)
STORAGE_GIGABYTES: OrganizationSetting[int | None] = OrganizationSetting(
    "storage_gigabytes",
    "limits",
    TypeAdapter(Annotated[int, Field(ge=1, le=_LONGEST_INSTALL_GIGABYTES)]),
    None,
    "How much all files may take together, in gigabytes. Never more than the install gives an organization.",
)
SYSTEM_LOG_DAYS: OrganizationSetting[int] = OrganizationSetting(
    "system_log_days",
    "retention",
    TypeAdapter(Annotated[int, Field(ge=1, le=365)]),
    30,
    "How many days the system's messages to admins are kept.",
)
SETTINGS: dict[str, OrganizationSetting[Any]] = {
    setting.key: setting
    for setting in (
        *(SIGN_UP, ALLOWED_DOMAINS, PASSWORD_MIN_LENGTH, ACCENT_COLOR, LOGO_URL, WELCOME_TEXT),
        *(UPLOAD_MEGABYTES, STORAGE_GIGABYTES, SYSTEM_LOG_DAYS),
    )
}
"""All there are, in the order in which they are shown."""
