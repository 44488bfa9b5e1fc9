"""The key that may do everything: made, recognized, and what it may act as."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from dfworx.realtime.runtime.admin_key import AdminKey, BadAdminKey
from dfworx.realtime.runtime.callers import Caller, TokenRefused

KEY = AdminKey("dfworx|" + "4f1c" * 16)
SECRET = KEY.text.partition("|")[2]
ANN = {"issuer": "https://i", "subject": "ann", "name": "Änn"}
ANN_TOLD = {**ANN, "tokenIdentifier": "https://i|ann"}


def encoded(identity: object) -> str:
    return base64.b64encode(json.dumps(identity).encode()).decode()


@pytest.mark.parametrize("given", [KEY.text, SECRET, f"dev:other-name|{SECRET}"])
def test_only_the_secret_counts(given: str) -> None:
    assert KEY.identify(given) == KEY.identify_header(given) == Caller(admin=True)
    assert KEY.identify(given, ANN) == Caller(ANN_TOLD, admin=True)
    assert KEY.identify_header(f"{given}:{encoded(ANN)}") == Caller(ANN_TOLD, admin=True)


@pytest.mark.parametrize(
    "given",
    ["", "|", "dfworx|", "dfworx", SECRET[:-1], SECRET + "0", f"{SECRET}|", SECRET.upper() + "é", "\ud800"],
)
def test_every_other_key_is_refused(given: str) -> None:
    for identify in (KEY.identify, KEY.identify_header):
        with pytest.raises(TokenRefused) as refused:
            identify(given)
        assert refused.value.code == "BadAdminKey"


def test_an_identifier_of_its_own_is_kept() -> None:
    named = {**ANN, "tokenIdentifier": "another"}
    assert KEY.identify(SECRET, named) == Caller(named, admin=True)


UNFIT: list[Any] = [
    {},
    [],
    "ann",
    {"issuer": "https://i"},
    {"issuer": 1, "subject": "ann"},
    {**ANN, "tokenIdentifier": 7},
    {**ANN, "name": "\ud800"},
    {**ANN, "deep": json.loads("[" * 40 + "]" * 40)},
]


@pytest.mark.parametrize("identity", UNFIT)
def test_an_identity_that_lacks_something_is_refused(identity: Any) -> None:
    with pytest.raises(TokenRefused) as refused:
        KEY.identify_header(f"{KEY.text}:{encoded(identity)}")
    assert refused.value.code == "InvalidAuthHeader"


@pytest.mark.parametrize("behind", ["!", "e30", base64.b64encode(b"\xff").decode(), encoded(ANN)[:-3]])
def test_what_is_no_base64_of_json_is_refused(behind: str) -> None:
    with pytest.raises(TokenRefused, match="base64"):
        KEY.identify_header(f"{KEY.text}:{behind}")


def test_keys_are_made_anew_and_not_shown() -> None:
    assert AdminKey.make("dfworx") != AdminKey.make("dfworx")
    assert SECRET not in repr(KEY)
    for unfit in ("", "name|", "name|a:b", "name|é"):
        with pytest.raises(BadAdminKey, match=r"name\|secret"):
            AdminKey(unfit)
