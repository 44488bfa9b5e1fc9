"""Signed addresses of files' bytes, for what can't send a token, such as an <img>. An address is a token for one file,
ten minutes and one person: it names the session that asked for it and ends with it. It opens nothing by itself: whoever
follows it is asked for in the database, under a seal for the person that it names."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.errors import NotAllowed
from dfworx.shared.settings import Settings

LINK_SECONDS = 600

Disposition = Literal["inline", "attachment"]


class LinkInvalid(NotAllowed):
    code = "link_invalid"
    detail = "This address of a file isn't one of ours. Ask for the file again to get one."


class LinkExpired(NotAllowed):
    code = "link_expired"
    detail = "This address of a file has expired. Ask for the file again to get a new one."


@dataclass(frozen=True, slots=True)
class Link:
    """What an address says, as it was signed."""

    file_id: UUID
    caller: Caller
    expires: int
    disposition: Disposition


class FileLinks:
    """Signs and verifies with the service's key. Without one in the settings, addresses hold as long as the process."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        given = settings.file_key
        self._key = bytes.fromhex(given.get_secret_value()) if given else secrets.token_bytes(32)
        self._clock = clock

    def address(self, caller: Caller, file_id: UUID, disposition: Disposition) -> str:
        """Relative to the origin. For as much of ten minutes as makes it the same for a minute: browsers keep a
        picture by its address."""
        expires = (int(self._clock()) // 60 + LINK_SECONDS // 60) * 60
        link = Link(file_id, caller, expires, disposition)
        asked = {
            "organization": caller.organization_id.hex,
            "person": caller.user_id.hex,
            "role": caller.role,
            "session": caller.session_id.hex,
            "expires": expires,
            "disposition": disposition,
            "signature": self._sign(link),
        }
        return f"/api/web/files/{file_id}/content?{urlencode(asked)}"

    def require(self, link: Link, signature: str) -> Caller:
        """Whom the link was made for. Raises LinkInvalid, LinkExpired."""
        if not hmac.compare_digest(self._sign(link).encode(), signature.encode()):
            raise LinkInvalid
        if self._clock() >= link.expires:
            raise LinkExpired
        return link.caller

    def _sign(self, link: Link) -> str:
        caller = link.caller
        ids = (caller.organization_id.hex, caller.user_id.hex, caller.role, caller.session_id.hex)
        text = "|".join(("dfxfile1", link.file_id.hex, *ids, str(link.expires), link.disposition))
        return hmac.digest(self._key, text.encode(), "sha256").hex()
