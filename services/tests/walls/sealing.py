"""Seals that must be refused: true ones with something changed, true ones of somebody else, and texts that only
look like one. Each is a text for `dfx.ctx`; a database that believes one acts for whoever it names."""

from __future__ import annotations

import hmac
import random
import time
from collections.abc import Iterator
from uuid import UUID

from dfworx.shared.context import ROLES, Caller, Sealer
from tests.walls.arena import LOGINS, Arena
from tests.walls.filling import FOREIGN, OURS

_SESSION = UUID(int=1)
_DIGITS = "0123456789abcdef"


def forged_seals(arena: Arena, login: str) -> Iterator[tuple[str, str]]:
    """What was done, and the seal."""
    true = arena.seal(login, OURS, "member")
    yield from _another_field(true)
    yield from _flipped(true)
    yield from _cut_and_joined(true)
    yield from _written_otherwise(true)
    yield from _by_wrong_keys(arena, login)
    yield from _out_of_time(arena, login)
    yield from _nonsense()


def _parts(seal: str) -> list[str]:
    return seal.split("|")


def _another_field(true: str) -> Iterator[tuple[str, str]]:
    """One field of a true seal replaced: the MAC no longer fits."""
    version, kid, expires, organization, person, role, mac = _parts(true)
    fields = [version, kid, expires, organization, person, role, mac]
    others: dict[int, list[str]] = {
        0: ["dfx0", "dfx2", "DFX1", "dfx11", "", "dfx"],
        1: ["0", "2", "01", "001", "999999", "-1", "1 ", "1.0", "١"],
        2: [str(int(expires) + each) for each in (1, -1, 30, 3600, 10**6)]
        + ["999999999999", "0" + expires, "-1"],
        3: [
            str(FOREIGN.organization_id),
            str(UUID(int=0)),
            organization.upper(),
            organization.replace("-", "_"),
        ],
        4: [str(FOREIGN.person(each)) for each in ROLES] + [str(OURS.person("admin")), str(UUID(int=0))],
        5: [each for each in (*ROLES, "identity", "owner", "postgres", "service_role", "_") if each != role],
        6: ["0" * 64, "f" * 64, mac[::-1], mac.upper(), mac[:-1], mac + "0", ""],
    }
    for place, values in others.items():
        for value in values:
            yield f"field {place} is {value[:40]}", "|".join([*fields[:place], value, *fields[place + 1 :]])
    for role_of in ROLES:
        changed = [
            version,
            kid,
            expires,
            str(FOREIGN.organization_id),
            str(FOREIGN.person(role_of)),
            role_of,
            mac,
        ]
        yield f"the foreign {role_of} under our MAC", "|".join(changed)


def _flipped(true: str) -> Iterator[tuple[str, str]]:
    """Every single character replaced by three others."""
    chance = random.Random(true[-8:])
    for place, character in enumerate(true):
        for other in chance.sample([each for each in _DIGITS + "|_" if each != character], 3):
            yield f"character {place} is {other}", true[:place] + other + true[place + 1 :]


def _cut_and_joined(true: str) -> Iterator[tuple[str, str]]:
    for length in range(len(true)):
        yield f"the first {length} characters", true[:length]
    for length in range(1, 80):
        yield f"without the first {length} characters", true[length:]
    for extra in ("|", " ", "\n", "\t", "|admin", "0", "\\0", "\u200b", "'", "--", "|" + true):
        yield "something after it", true + extra
        yield "something before it", extra + true


def _written_otherwise(true: str) -> Iterator[tuple[str, str]]:
    fields = _parts(true)
    foreign = str(FOREIGN.organization_id)
    yield "upper case", true.upper()
    yield "full-width bars", true.replace("|", "\uff5c")
    yield "commas", true.replace("|", ",")
    yield "a line of two seals", true + "\n" + true.replace(fields[3], foreign)
    yield "a second line first", true.replace(fields[3], foreign) + "\n" + true
    yield "more fields", "|".join([*fields[:6], foreign, fields[6]])
    yield "fewer fields", "|".join([*fields[:3], foreign, fields[6]])
    yield "fields in another order", "|".join([*fields[:3], fields[4], fields[3], *fields[5:]])
    yield "an expression", true.replace(fields[3], "' || app.org_id() || '")
    yield (
        "a role that reaches into the MAC",
        "|".join([*fields[:5], f"{fields[5]}|{foreign}"[:20], fields[6]]),
    )


def _by_wrong_keys(arena: Arena, login: str) -> Iterator[tuple[str, str]]:
    """Well formed and in time, by keys that aren't this login's."""
    secrets = arena.database.servers.secrets
    foreign = Caller(FOREIGN.person("admin"), FOREIGN.organization_id, "admin", _SESSION)
    keys = {f"the key of {other}": secrets.seal_key(other) for other in LOGINS if other != login}
    keys |= {f"the key of {each}": secrets.seal_key(each) for each in ("postgres", "dfworx_tenant")}
    keys |= {"no key": b"", "zeros": bytes(32), "ones": b"\xff" * 32, "the login's name": login.encode()}
    keys |= {"an install with another secret": hmac.digest(b"another", login.encode(), "sha256")}
    for name, key in keys.items():
        for kid in (1, 2, 3, 999_999):
            yield f"{name}, number {kid}", Sealer(kid, key).seal(foreign)
            yield (
                f"{name}, number {kid}, as identity",
                Sealer(kid, key).seal_identity(FOREIGN.identity("admin")),
            )
    right = secrets.seal_key(login)
    for kid in (2, 3, 17, 999_999):
        yield f"its own key as number {kid}", Sealer(kid, right).seal(foreign)
    text = _parts(arena.seal(login, FOREIGN))
    for algorithm in ("md5", "sha1", "sha512", "sha3_256"):
        mac = hmac.digest(right, "|".join(text[:6]).encode(), algorithm).hex()[:64].ljust(64, "0")
        yield f"its own key by {algorithm}", "|".join([*text[:6], mac])


def _out_of_time(arena: Arena, login: str) -> Iterator[tuple[str, str]]:
    """True in every part, but expired: one that was overheard."""
    foreign = Caller(FOREIGN.person("admin"), FOREIGN.organization_id, "admin", _SESSION)
    for seconds in (31, 40, 60, 600, 3600, 86_400, 10**7):
        yield f"made {seconds} s ago", arena.sealer(login).seal(foreign, now=time.time() - seconds)


def _nonsense() -> Iterator[tuple[str, str]]:
    for text in ("", " ", "null", "dfx1", "|" * 6, "dfx1||||||", "true", "1", "*", "%", "admin",
        str(FOREIGN.organization_id),
                 "{}", "[]", "dfx1|1|9999999999|*|*|admin|*", "' or true --", "a" * 10_000, "|" * 10_000,
                     "\u202e"):  # fmt: skip
        yield f"nonsense {text[:20]!r}", text
