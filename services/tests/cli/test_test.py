"""The closing line of `./dfworx test` counts what ran, and a run that broke off is no success."""

from pathlib import Path

import pytest

import dfworx.cli.test as command
from dfworx.cli.failure import Failure
from dfworx.cli.test import Tally, clean_environment, read_report, require_area, run_tests

SUITE = """
import pytest

def test_that_passes(): pass
def test_elsewhere(): assert False
def test_that_fails(): assert False
@pytest.mark.skip(reason="to be counted")
def test_that_is_skipped(): pass
@pytest.fixture
def broken():
    yield
    raise RuntimeError
def test_that_fails_twice(broken): assert False
def test_that_can_not_clean_up(broken): pass
"""


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tests with an area `small`, taken for the project's."""
    folder = tmp_path / "services" / "tests"
    (folder / "small").mkdir(parents=True)
    (folder / "empty").mkdir()
    monkeypatch.setattr(command, "SERVICES", folder.parent)
    monkeypatch.setattr(command, "TESTS", folder)
    return folder / "small" / "test_small.py"


def test_each_test_is_counted_once(suite: Path) -> None:
    suite.write_text(SUITE)
    tally = run_tests("small", "not elsewhere", verbose=False)
    assert tally == Tally(passed=1, failed=3, skipped=1)
    assert str(tally) == "1 passed, 3 failed, 1 skipped"


def test_flows_are_run_besides_the_rest_and_none_need_match(suite: Path) -> None:
    suite.write_text(SUITE)
    flow = suite.parents[1] / "flows" / "test_flow.py"
    flow.parent.mkdir()
    flow.write_text("def test_that_flows(): pass")
    assert run_tests(None, "passes or flows", verbose=False) == Tally(passed=2)
    assert run_tests("flows", "nothing_like_it", verbose=False) == Tally()


def test_a_run_that_broke_off_counts_as_failed(suite: Path) -> None:
    suite.write_text("this is no Python")
    assert run_tests("small", "", verbose=False).failed > 0


def test_a_report_that_was_never_written_counts_nothing(tmp_path: Path) -> None:
    assert read_report(tmp_path / "report.xml") == Tally()


def test_an_area_is_a_folder_with_tests(suite: Path) -> None:
    suite.write_text(SUITE)
    require_area(None)
    require_area("small")
    with pytest.raises(Failure, match="no test area named empty; choose from small"):
        require_area("empty")


SEES_ITS_DATABASE = """
import os

def test_it(): assert os.environ.get("DFWORX_WALLS_DATABASE_URL") == {url!r}
"""


def test_a_database_is_lent_to_the_walls_alone(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebodys")
    suite.write_text(SEES_ITS_DATABASE.format(url=None))
    assert run_tests("small", "", verbose=False) == Tally(passed=1)
    walls = suite.parents[1] / "walls" / "test_walls.py"
    walls.parent.mkdir()
    walls.write_text(SEES_ITS_DATABASE.format(url="postgresql://lent"))
    assert run_tests("walls", "", verbose=False, lent="postgresql://lent") == Tally(passed=1)


def test_a_persons_install_does_not_reach_the_tests(tmp_path: Path) -> None:
    mine = {"PATH": "/bin", "DATABASE_URL": "postgresql://real", "PGHOST": "real", "DFWORX_HOME": "/real"}
    assert clean_environment(mine, tmp_path) == {"PATH": "/bin", "DFWORX_HOME": str(tmp_path)}
