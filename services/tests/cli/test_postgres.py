"""Clusters of our own: who may enter, what is asked for, and what root has to open."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.home import Secrets
from dfworx.cli.migrations import prepare_cluster
from dfworx.cli.parts import postgres
from dfworx.cli.parts.postgres import OPTIONS, Cluster, make_passable, make_readable, throwaway_cluster

if TYPE_CHECKING:
    from tests.conftest import Servers

SECRETS = Secrets("a master secret for clusters")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_cluster_is_made_in_a_private_folder_with_blanks_and_quotes(tmp_path: Path) -> None:
    private = tmp_path / "only 'mine'"
    private.mkdir(mode=0o700)
    told: list[str] = []
    with throwaway_cluster(private / "deep", SECRETS, {"work_mem": "5MB"}, told.append) as cluster:
        assert asyncio.run(fetch(cluster.url(database="postgres"), "show work_mem")) == "5MB"
    assert mode(cluster.data) == 0o700
    if os.geteuid() == 0:
        assert mode(private) == 0o701
        assert len(told) == 1 and str(private) in told[0] and "o+x" in told[0]


async def test_no_login_is_trusted(servers: Servers) -> None:
    url = servers.cluster.url(database="postgres")
    assert (
        await fetch(url, "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'") == 0
    )
    assert await fetch(url, "show listen_addresses") == "127.0.0.1"
    assert await fetch(url, "show unix_socket_directories") == ""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(servers.cluster.url(password="wrong", database="postgres"))


async def test_every_alphabet_counts_as_letters(servers: Servers) -> None:
    url = servers.cluster.url(database="postgres")
    assert await fetch(url, "select upper('é') = 'É' and 'дом' ~ '^\\w+$' and '日本' ~ '^\\w+$'")


def test_a_commit_is_on_disk_before_it_is_acknowledged() -> None:
    assert OPTIONS["synchronous_commit"] == "on"
    assert "fsync" not in OPTIONS and "full_page_writes" not in OPTIONS


def test_another_secret_than_the_clusters_is_one_sentence(servers: Servers) -> None:
    other = Cluster(servers.cluster.data, servers.cluster.port, "another")
    with pytest.raises(Failure, match="was made with another secret"):
        prepare_cluster(other, SECRETS)


def test_only_passing_through_is_opened_and_only_where_it_is_closed(tmp_path: Path) -> None:
    (tmp_path / "closed" / "open").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    (tmp_path / "closed" / "open").chmod(0o755)
    assert make_passable(tmp_path / "closed" / "open")[-1:] == [tmp_path / "closed"]
    assert mode(tmp_path / "closed") == 0o701
    assert mode(tmp_path / "closed" / "open") == 0o755
    assert make_passable(tmp_path / "closed" / "open") == []


def test_a_strict_umask_at_install_time_is_undone_for_the_programs(tmp_path: Path) -> None:
    tree = tmp_path / "wheel"
    tree.mkdir(mode=0o700)
    (tree / "program").write_text("")
    (tree / "program").chmod(0o700)
    (tree / "data").write_text("")
    (tree / "data").chmod(0o600)
    make_readable(tree)
    assert (mode(tree), mode(tree / "program"), mode(tree / "data")) == (0o705, 0o705, 0o604)
    make_readable(tmp_path / "absent")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_root_without_useradd_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "SYSTEM_USER", "dfworx-nobody-has-this")
    monkeypatch.setattr("shutil.which", lambda *_args, **_kwargs: None)
    with pytest.raises(Failure, match="useradd is missing; make a system user"):
        postgres.server_user()


def test_a_stale_lock_and_orphans_are_cleared_before_a_start(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    cluster = Cluster(tmp_path, 1, "x")
    done = subprocess.run(["/bin/sh", "-ec", cluster.clear_the_way() + "\ntrue"], check=False)
    assert done.returncode == 0
    assert not (tmp_path / "postmaster.pid").exists()


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
