"""How often one may try. Counted in Redis for all processes of the service, by the address that asks and, for
passwords, also by the email that is asked for. Without Redis nobody can count, so nobody signs in: 503. In
development the limits are there but out of a test run's reach."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from limits import RateLimitItem, parse
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.shared.errors import Unavailable
from dfworx.shared.serve import Windows
from dfworx.shared.settings import Settings

FORGOT_BY_EMAIL, FORGOT_BY_ADDRESS = parse("3/1 hour"), parse("20/1 hour")
INVITE_BY_PERSON, INVITE_BY_ORGANIZATION = parse("50/1 hour"), parse("200/1 hour")


@dataclass(frozen=True, slots=True)
class Rules:
    password_by_email: RateLimitItem
    """Tries of one email's password, by logging in or by registering again."""
    password_by_address: RateLimitItem
    register_by_address: RateLimitItem
    refresh_by_address: RateLimitItem
    invitation_by_address: RateLimitItem
    """Tries of a token, which nobody guesses: a bound on the work that strangers can cause."""
    forgot_by_email: RateLimitItem = FORGOT_BY_EMAIL
    """Each is a mail to somebody who may not have asked for it."""
    forgot_by_address: RateLimitItem = FORGOT_BY_ADDRESS
    invite_by_person: RateLimitItem = INVITE_BY_PERSON
    invite_by_organization: RateLimitItem = INVITE_BY_ORGANIZATION


PRODUCTION = Rules(
    password_by_email=parse("20/5 minutes"),
    # A whole office behind one address signs in on Monday morning.
    password_by_address=parse("100/5 minutes"),
    register_by_address=parse("20/1 hour"),
    refresh_by_address=parse("600/1 minute"),
    invitation_by_address=parse("100/5 minutes"),
)
DEVELOPMENT = Rules(*[parse("1000000/1 minute")] * 9)


def rules_for(settings: Settings) -> Rules:
    return DEVELOPMENT if settings.env == "development" else PRODUCTION


class Limits:
    def __init__(self, redis: Redis, rules: Rules) -> None:
        self._windows = Windows(redis)
        self.rules = rules

    async def count_password(self, address: str, email: str) -> None:
        """Raises TooMany or Unavailable, as all of these do."""
        # The address first: who is stopped there doesn't use up another person's tries.
        await self._count(self.rules.password_by_address, "password_address", _network(address))
        await self._count(self.rules.password_by_email, "password_email", _digest(email))

    async def count_registration(self, address: str) -> None:
        await self._count(self.rules.register_by_address, "register", _network(address))

    async def count_refresh(self, address: str) -> None:
        await self._count(self.rules.refresh_by_address, "refresh", _network(address))

    async def count_invitation(self, address: str) -> None:
        await self._count(self.rules.invitation_by_address, "invitation", _network(address))

    async def count_reset(self, address: str) -> None:
        """Tries of a token from a mail."""
        await self._count(self.rules.invitation_by_address, "reset", _network(address))

    async def count_forgotten(self, address: str, email: str) -> None:
        """The same whether or not the email has an account."""
        await self._count(self.rules.forgot_by_address, "forgot_address", _network(address))
        await self._count(self.rules.forgot_by_email, "forgot_email", _digest(email))

    async def count_inviting(self, organization_id: UUID, user_id: UUID) -> None:
        """Call it for admins alone: nobody else may use up what their organization has. Inviting needs no Redis: they
        are known, and what they do is audited."""
        with contextlib.suppress(RedisError):
            await self._windows.count(self.rules.invite_by_person, "invite_person", str(user_id))
            await self._windows.count(
                self.rules.invite_by_organization, "invite_organization", str(organization_id)
            )

    async def _count(self, rule: RateLimitItem, what: str, who: str) -> None:
        try:
            await self._windows.count(rule, what, who)
        except RedisError as error:
            raise Unavailable(
                "This isn't possible at the moment. Try again shortly; nothing was changed."
            ) from error


def _network(address: str) -> str:
    """The address, or for IPv6 its /64: one household has 2**64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _digest(email: str) -> str:
    """So that keys of the counters name nobody."""
    return hashlib.sha256(email.encode()).hexdigest()


def get_limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


LimitsDep = Annotated[Limits, Depends(get_limits)]
