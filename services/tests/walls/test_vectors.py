"""No row of the reference's table of bypasses is left out: each is tried by a probe, or answered by a test that says
what holds."""

from __future__ import annotations

from pathlib import Path

from tests.walls.climbing import CLIMBS
from tests.walls.reading import PROBES as READS
from tests.walls.tally import LEAST_ATTEMPTS, Tally, add_up, complaint
from tests.walls.writing import PROBES as WRITES

BY_OTHER_TESTS = {
    6: "test_seals.py: a_changed_seal_is_no_seal",
    16: "test_pool.py: a_plan_made_for_one_organization_serves_no_other",
    17: "test_pool.py: a_plan_made_for_one_organization_serves_no_other",
    19: "test_oracles.py: what_exists_elsewhere_answers_as_what_never_was",
    20: "test_oracles.py: what_exists_elsewhere_answers_as_what_never_was",
    21: "test_oracles.py: what_exists_elsewhere_answers_as_what_never_was",
    22: "test_oracles.py: what_exists_elsewhere_answers_as_what_never_was",
    23: "test_accepted.py: the_planner_tells_sizes_and_nothing_else",
    26: "test_accepted.py: what_all_logins_share_is_used_by_nothing_of_ours",
    27: "test_accepted.py: other_sessions_statements_show_no_value",
    28: "test_accepted.py: what_all_logins_share_is_used_by_nothing_of_ours",
    29: "test_accepted.py: a_held_lock_ends_by_itself",
    31: "test_catalog.py: row_level_security_holds_on_the_database_that_is_attacked",
}


def test_every_vector_of_the_reference_is_tried() -> None:
    tried = {number for each in (*READS, *WRITES, *CLIMBS) for number in each.vectors}
    assert tried | set(BY_OTHER_TESTS) == set(range(1, 33))


def test_what_the_list_names_is_there() -> None:
    for place in BY_OTHER_TESTS.values():
        file, name = place.split(": ")
        assert f"def test_{name}(" in (Path(__file__).parent / file).read_text()


def test_notes_of_all_workers_add_up_to_one_line() -> None:
    first, second = Tally(12_000, 0, 0, 0, 40, 40), Tally(345, 1, 2, 3, 8, 7)
    total = add_up([("walls", first.as_numbers()), ("other", 1), ("walls", second.as_numbers())])
    assert str(total) == (
        "walls: 12,345 attempts, 1 foreign rows read, 2 written, 3 escalations, controls 47 of 48 seen"
    )


def test_a_whole_run_that_tried_too_little_is_no_proof() -> None:
    little = Tally(attempts=LEAST_ATTEMPTS - 1, controls=1, seen=1)
    assert complaint(little, whole=False) is None
    assert "too few" in (complaint(little, whole=True) or "")
    assert "no control" in (complaint(Tally(attempts=LEAST_ATTEMPTS), whole=True) or "")
    assert complaint(Tally(attempts=LEAST_ATTEMPTS, controls=1, seen=1), whole=True) is None
