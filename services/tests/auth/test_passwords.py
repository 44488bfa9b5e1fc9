"""Hashes of one cost, for known and unknown people alike, made beside the event loop."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher

from dfworx.auth.passwords import HASHER, MOST_WAITING, Passwords
from dfworx.shared.errors import Unavailable

WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def test_a_password_is_right_or_wrong() -> None:
    passwords = Passwords(WEAK)
    known = await passwords.hash("a password of some length")
    assert known.startswith("$argon2id$")
    assert await passwords.verify(known, "a password of some length")
    assert not await passwords.verify(known, "a password of some lengths")


async def test_an_unknown_person_has_no_right_password() -> None:
    passwords = Passwords(WEAK)
    assert not await passwords.verify(None, "")
    assert not await passwords.verify("not a hash", "not a hash")


async def test_a_hash_of_another_cost_is_outdated() -> None:
    assert Passwords().is_outdated(WEAK.hash("x"))
    assert not Passwords().is_outdated(HASHER.hash("x"))


def test_the_cost_is_what_the_decision_says() -> None:
    assert (HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == (19 * 1024, 2, 1)


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = Passwords()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*[passwords.hash("x") for _ in range(4)])
    ticking.cancel()
    assert ticks > 10


async def test_a_crowd_is_told_to_come_back() -> None:
    passwords = Passwords(WEAK)
    crowd = [asyncio.create_task(passwords.hash("x")) for _ in range(MOST_WAITING + 50)]
    answers = await asyncio.gather(*crowd, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 50
    assert await passwords.hash("x")
