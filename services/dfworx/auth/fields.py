"""What people may send about themselves and their organization: each a type that cleans the value or refuses it
with a sentence. Nothing that PostgreSQL can't keep (NUL, lone surrogates) passes."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

import email_validator
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, HttpUrl, SecretStr, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from dfworx.shared.errors import Invalid

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
_LONGEST_NAME = 100
_LONGEST_EMAIL = 320
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_URL = TypeAdapter(HttpUrl)

# The library's documented switch: on a company's own network these are names that mail is sent to.
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = [
    name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name not in ("local", "test")
]


def _refused(code: str, sentence: str) -> PydanticCustomError:
    # Through a value and not as the template: a sentence may hold braces.
    return PydanticCustomError(code, "{sentence}", {"sentence": sentence})


def _storable(text: str) -> str:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise _refused("unstorable", "This holds characters that can't be stored. Leave them out.")
    return text


def _measured(text: str, longest: int) -> str:
    """Before it is normalized: that takes quadratic time in marks on one letter (UAX 15, section 13)."""
    if len(_storable(text)) > longest:
        raise _refused("length", f"The length is {longest} at most.")
    return text.strip()


def refuse_null(value: object) -> object:
    """For what can be changed and not taken away: null in a change isn't the same as nothing."""
    if value is None:
        raise _refused("null", "Send a value, or leave this out to keep it.")
    return value


def _name(text: str) -> str:
    name = unicodedata.normalize("NFC", _measured(text, 4 * _LONGEST_NAME))
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise _refused("name", "Write a name of 1 to 100 characters.")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in name):
        raise _refused("name", "Write the name on one line, without control characters.")
    return name


def clean_imported_name(text: str) -> str:
    """A name from outside, made to fit; raises Invalid when nothing of it is left."""
    text = text[: 4 * _LONGEST_NAME]
    spaced = "".join(" " if unicodedata.category(each)[0] == "Z" or each.isspace() else each for each in text)
    printable = "".join(each for each in spaced if unicodedata.category(each) not in ("Cc", "Cs"))
    name = unicodedata.normalize("NFC", " ".join(printable.split()))[:100].rstrip()
    if not name:
        raise Invalid("A person's name is empty.")
    return name


def _slug(text: str) -> str:
    slug = text.strip()
    if not 2 <= len(slug) <= 50 or not _SLUG.fullmatch(slug):
        raise _refused(
            "slug",
            "Write 2 to 50 lower-case letters a to z, digits and single hyphens between them, "
            "such as northern-light.",
        )
    return slug


def _email(text: str) -> str:
    try:
        parsed = validate_email(_measured(text, _LONGEST_EMAIL), check_deliverability=False)
    except EmailNotValidError:
        raise _refused("email", "Write an email address, such as ada@example.org.") from None
    return parsed.normalized.lower()


def _new_password(password: SecretStr) -> SecretStr:
    if not SHORTEST_PASSWORD <= len(password.get_secret_value()):
        raise _refused("password", f"Choose a password of at least {SHORTEST_PASSWORD} characters.")
    return _password(password)


def _password(password: SecretStr) -> SecretStr:
    if not 1 <= len(_storable(password.get_secret_value())) <= LONGEST_PASSWORD:
        raise _refused("password", f"A password has 1 to {LONGEST_PASSWORD} characters.")
    return password


def _avatar_url(text: str) -> str:
    try:
        url = _URL.validate_python(_storable(text).strip())
    except ValidationError:
        url = None
    if url is None or url.scheme != "https" or url.username or url.password or len(str(url)) > 2000:
        raise _refused(
            "avatar_url", "Write an address that begins with https:// and has at most 2000 characters."
        )
    return str(url)


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"minLength": 1, "maxLength": 100})]
Slug = Annotated[
    str,
    AfterValidator(_slug),
    Field(json_schema_extra={"minLength": 2, "maxLength": 50, "pattern": f"^{_SLUG.pattern}$"}),
]
Email = Annotated[str, AfterValidator(_email), Field(json_schema_extra={"format": "email", "maxLength": 254})]
NewPassword = Annotated[
    SecretStr,
    AfterValidator(_new_password),
    Field(json_schema_extra={"minLength": SHORTEST_PASSWORD, "maxLength": LONGEST_PASSWORD}),
]
Password = Annotated[
    SecretStr,
    AfterValidator(_password),
    Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_PASSWORD}),
]
AvatarUrl = Annotated[
    str, AfterValidator(_avatar_url), Field(json_schema_extra={"format": "uri", "maxLength": 2000})
]
SessionBy = Annotated[
    Literal["cookie"] | None,
    Field(
        description="`cookie`, for browsers: tokens come as cookies that scripts can't read, not in the body"
    ),
]
