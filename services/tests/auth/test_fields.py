"""What people may send: tables of values, cleaned or refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from dfworx.auth.fields import AvatarUrl, Email, Name, NewPassword, Password, Slug, clean_imported_name
from dfworx.auth.login.schemas import Credentials
from dfworx.auth.members.schemas import MeUpdate
from dfworx.auth.organizations.schemas import FirstAdmin, OrganizationCreate, OrganizationUpdate, Registration
from dfworx.auth.sessions.schemas import Refresh
from tests.conftest import ClientAs

TAKEN: list[tuple[Any, str, str]] = [
    (Name, " Ada ", "Ada"),
    (Name, "Zoe\u0308", "Zoë"),
    (Name, "n" * 100, "n" * 100),
    (Name, "张伟", "张伟"),
    (Slug, " northern-light ", "northern-light"),
    (Slug, "a1", "a1"),
    (Slug, "a" * 50, "a" * 50),
    (Email, " Ada@Example.ORG ", "ada@example.org"),
    (Email, "ada+lists@example.org", "ada+lists@example.org"),
    (Email, "ada@mail.corp.local", "ada@mail.corp.local"),
    (Email, "ada@lumen.test", "ada@lumen.test"),
    (Email, "Zoë@Bücher.example", "zoë@bücher.example"),
    (AvatarUrl, "https://cdn.example/a.png?size=80", "https://cdn.example/a.png?size=80"),
]

REFUSED: list[tuple[Any, str]] = [
    *((Name, value) for value in ("", " ", "n" * 101, "a\nb", "a\0b", "a\x1bb", "a\u2028b", "\ud800")),
    *((Slug, value) for value in ("", "a", "A1", "-a", "a-", "a--b", "a b", "a_b", "ä1", "١٢", "a" * 51)),
    *(
        (Email, value)
        for value in ("", "ada", "@a.example", "ada@", "ada@lumen", "a b@c.example", "a@b@c.de")
    ),
    *(
        (Email, value)
        for value in ("ada\0@lumen.example", "ada\n@lumen.example", f"{'a' * 60}@{'b.' * 100}example")
    ),
    *((NewPassword, value) for value in ("", "1234567", "p" * 201, "1234567\0", "1234567\udc00")),
    *((Password, value) for value in ("", "p" * 201, "\0")),
    *(
        (AvatarUrl, value)
        for value in ("", "http://a.example", "//a.example", "data:x", "https://", "https://a\0")
    ),
    (AvatarUrl, "https://user@a.example/"),
    (AvatarUrl, "https://a.example/" + "a" * 2000),
]


@pytest.mark.parametrize(("field", "sent", "kept"), TAKEN)
def test_what_is_taken_is_cleaned(field: Any, sent: str, kept: str) -> None:
    assert TypeAdapter(field).validate_python(sent) == kept


@pytest.mark.parametrize(("field", "sent"), REFUSED)
def test_what_is_refused_is_told_in_a_sentence(field: Any, sent: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(field).validate_python(sent)
    [error] = refused.value.errors()
    assert error["msg"][0].isupper() and error["msg"].endswith(".")


@pytest.mark.parametrize(
    "model",
    [Credentials, FirstAdmin, MeUpdate, OrganizationCreate, OrganizationUpdate, Refresh, Registration],
)
def test_a_field_that_is_not_there_is_named(model: type[BaseModel]) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({"surprise": 1})
    assert ("extra_forbidden", ("surprise",)) in {
        (error["type"], error["loc"]) for error in refused.value.errors()
    }


@pytest.mark.parametrize("length", [8, 200])
def test_passwords_need_length_and_nothing_else(length: int) -> None:
    password = TypeAdapter(NewPassword).validate_python("a" * length)
    assert isinstance(password, SecretStr)
    assert "aaa" not in repr(password)


def test_names_from_outside_are_made_to_fit() -> None:
    assert clean_imported_name("  Ada \n\t Lovelace\0 ") == "Ada Lovelace"
    assert clean_imported_name("a\u00a0b\u2003c") == "a b c"
    assert len(clean_imported_name("é" * 500)) == 100


@pytest.mark.parametrize("kind", [Name, Email])
def test_what_is_far_too_long_is_refused_before_it_is_normalized(kind: Any) -> None:
    """Normalizing takes quadratic time in marks on one letter: here it would take hours."""
    with pytest.raises(ValidationError, match="length is"):
        TypeAdapter(kind).validate_python("a" + "\u0301\u0316" * 1_000_000 + "@x.example")


async def test_a_request_with_a_name_far_too_long_is_answered_with_a_sentence(client_as: ClientAs) -> None:
    body = {
        "organization": {"name": "a" * 5000, "slug": "acme"},
        "user": {"name": "Ann", "email": "a@b.example"},
    }
    answer = await client_as(None).post("/api/auth/register", json=body)
    assert answer.status_code == 422 and "The length is" in answer.json()["detail"]
