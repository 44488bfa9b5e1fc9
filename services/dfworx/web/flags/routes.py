"""/flags: for everybody, about what they see."""

from __future__ import annotations

from fastapi import APIRouter

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import Db, problems
from dfworx.web.flags import actions
from dfworx.web.flags.schemas import Flag, FlagCreate

router = APIRouter(prefix="/flags", tags=["flags"])


@router.post("", status_code=201, responses=problems(404))
async def create_flag(flag: FlagCreate, caller: CurrentCaller, database: Db) -> Flag:
    """Asks the admins to look at it. Flagging the same thing again takes the place of the flag before."""
    return await actions.create_flag(database, caller, flag)
