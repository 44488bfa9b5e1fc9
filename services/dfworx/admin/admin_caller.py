"""Only admins come in here. Asked once for all slices (app.py), so that none can forget it; the policies of the
service's tables ask it again."""

from __future__ import annotations

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.errors import NotAllowed


async def require_admin(caller: CurrentCaller) -> None:
    """Raises NotAllowed."""
    if caller.role != "admin":
        raise NotAllowed("Only admins of the organization may see this.")
