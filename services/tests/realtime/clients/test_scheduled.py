"""A thousand scheduled mutations, half of them scheduled by the others, while the deployment is killed again and again:
each runs once."""

from __future__ import annotations

import random
from collections import Counter

from tests.realtime.clients.served import Served

SEED = 20261123
PARENTS, IN_ONE, WITHIN_MS, KILLS = 500, 50, 6000, 8


async def test_scheduled_mutations_run_once_each_whatever_is_killed(served: Served) -> None:
    chance = random.Random(SEED)
    for first in range(0, PARENTS, IN_ONE):
        delays = [chance.randrange(WITHIN_MS) for _ in range(IN_ONE)]
        await served.ask_to("later:plan", first=first, delays=delays, children=PARENTS)
    kills = 0
    for moment in sorted(chance.sample(range(2 * PARENTS), KILLS)):
        while await served.ask("later:made") < moment:
            pass
        await served.kill()
        kills += 1
        await served.start()
    while await served.ask("later:made") < 2 * PARENTS:
        pass
    assert kills == KILLS
    assert Counter(await served.ask("later:numbers")) == Counter(range(2 * PARENTS))
    assert await served.ask("later:made") == 2 * PARENTS
    assert Counter(await served.ask("later:states")) == {"success": 2 * PARENTS}
