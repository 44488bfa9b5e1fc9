"""Hashes of one cost, for known and unknown people alike, made beside the event loop, and sealed for one identity."""

from __future__ import annotations

import asyncio
import logging

import pytest
from argon2 import PasswordHasher

from dfworx.auth.app import create_app
from dfworx.auth.keys import UnusableKeys
from dfworx.auth.passwords import HASHER, MOST_WAITING, SEALED, Passwords, is_same_password
from dfworx.shared.errors import Unavailable
from tests.conftest import TestDatabase

WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ANN, BEN = "ann@lumen.example", "ben@lumen.example"
PASSWORD = "a password of some length"


async def test_a_password_is_right_or_wrong() -> None:
    passwords = Passwords([KEY], WEAK)
    stored = await passwords.hash(ANN, PASSWORD)
    assert await passwords.verify(ANN, stored, PASSWORD)
    assert not await passwords.verify(ANN, stored, PASSWORD + "s")


async def test_an_unknown_person_has_no_right_password() -> None:
    passwords = Passwords([KEY], WEAK)
    assert not await passwords.verify(ANN, None, "")
    assert not await passwords.verify(ANN, "not a hash", "not a hash")
    assert not await passwords.verify(ANN, SEALED + "not sealed", "not sealed")


async def test_what_is_stored_tells_nothing_of_the_hash() -> None:
    stored = await Passwords([KEY], WEAK).hash(ANN, PASSWORD)
    assert stored.startswith(SEALED)
    assert "argon2" not in stored
    assert stored != await Passwords([KEY], WEAK).hash(ANN, PASSWORD)


async def test_without_the_key_no_password_is_right_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stored = await Passwords([KEY], WEAK).hash(ANN, PASSWORD)
    with caplog.at_level(logging.ERROR):
        assert not await Passwords([OTHER_KEY], WEAK).verify(ANN, stored, PASSWORD)
    assert "DFWORX_PASSWORD_KEY" in caplog.text
    assert ANN not in caplog.text


async def test_a_hash_copied_to_another_identity_opens_nothing() -> None:
    passwords = Passwords([KEY], WEAK)
    stored = await passwords.hash(ANN, PASSWORD)
    assert not await passwords.verify(BEN, stored, PASSWORD)


async def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before, rotated = Passwords([KEY], WEAK), Passwords([OTHER_KEY, KEY], WEAK)
    stored = await before.hash(ANN, PASSWORD)
    assert not before.is_outdated(stored)
    assert await rotated.verify(ANN, stored, PASSWORD)
    assert rotated.is_outdated(stored)
    again = await rotated.hash(ANN, PASSWORD)
    assert not rotated.is_outdated(again)
    assert await Passwords([OTHER_KEY], WEAK).verify(ANN, again, PASSWORD)


async def test_a_plain_hash_is_verified_and_outdated() -> None:
    passwords = Passwords([KEY], WEAK)
    plain = WEAK.hash(PASSWORD)
    assert await passwords.verify(ANN, plain, PASSWORD)
    assert passwords.is_outdated(plain)


async def test_a_hash_of_another_cost_is_outdated() -> None:
    stored = await Passwords([KEY], WEAK).hash(ANN, PASSWORD)
    assert Passwords([KEY]).is_outdated(stored)
    assert not Passwords([KEY]).is_outdated(await Passwords([KEY]).hash(ANN, PASSWORD))


def test_the_cost_is_what_the_decision_says() -> None:
    assert (HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == (19 * 1024, 2, 1)


def test_two_ways_of_typing_a_letter_are_one_password() -> None:
    assert is_same_password("cr\u00e8me br\u00fbl\u00e9e", "cre\u0300me bru\u0302le\u0301e")
    assert not is_same_password("creme brulee", "cr\u00e8me br\u00fbl\u00e9e")


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = Passwords([KEY])
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*[passwords.hash(ANN, "x") for _ in range(4)])
    ticking.cancel()
    assert ticks > 10


async def test_the_service_does_not_start_without_a_key(database: TestDatabase) -> None:
    with pytest.raises(UnusableKeys, match="DFWORX_PASSWORD_KEY"):
        create_app(database.settings("dfworx_auth", password_key=None))


async def test_a_crowd_is_told_to_come_back() -> None:
    passwords = Passwords([KEY], WEAK)
    crowd = [asyncio.create_task(passwords.hash(ANN, "x")) for _ in range(MOST_WAITING + 50)]
    answers = await asyncio.gather(*crowd, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 50
    assert await passwords.hash(ANN, "x")
