"""Start PostgreSQL and Redis, run the portal or one command on them, and stop them again."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.engines.addresses import Engines, urls
from portal.engines.console import complain, say
from portal.engines.data_dir import InUse, erase, prepare, sole_use
from portal.engines.embedded import running, throw_away
from portal.engines.errors import EngineError
from portal.engines.processes import STOPPING, uninterrupted
from portal.engines.programs import wheels
from portal.engines.run import demo_environ, run, set_up

BY_RUN = "make run"


def main() -> int:
    options = _parser().parse_args()
    for number in STOPPING:
        signal.signal(number, _interrupt)
    try:
        status: int = options.act(options)
    except EngineError as error:
        complain(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.engines", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR") or ".data"))
    commands = parser.add_subparsers(required=True)
    serve = commands.add_parser("run", help="a whole demonstration portal, until Ctrl-C")
    serve.set_defaults(act=_run)
    setting_up = commands.add_parser("setup", help="make keys, database, catalogue and demo people, and stop again")
    setting_up.set_defaults(act=_set_up)
    execute = commands.add_parser("exec", help="start the engines, run a command, stop the engines")
    execute.add_argument("--throwaway", action="store_true", help="an empty database that is deleted afterwards")
    execute.add_argument("command", nargs="+")
    execute.set_defaults(act=_execute)
    reset = commands.add_parser("reset", help="delete the database, files and keys in the data folder")
    reset.set_defaults(act=_reset)
    return parser


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _run(options: argparse.Namespace) -> int:
    return run(options.data_dir)


def _set_up(options: argparse.Namespace) -> int:
    set_up(options.data_dir)
    return 0


def _execute(options: argparse.Namespace) -> int:
    with throw_away() if options.throwaway else _kept(options.data_dir) as (data_dir, engines):
        environ = {**os.environ, "DATA_DIR": str(data_dir)} if options.throwaway else demo_environ(data_dir)
        named = {"DATABASE_URL": engines.database_url, "REDIS_URL": engines.redis_url, "PATH": _path(environ)}
        try:
            command = subprocess.Popen(options.command, env=environ | named)
        except OSError as error:
            raise EngineError(f"{options.command[0]} cannot be run: {error.strerror}") from error
        return _ended(command)


def _path(environ: Mapping[str, str]) -> str:
    """`psql` and `pg_dump` of the right version come first."""
    return os.pathsep.join([str(wheels().postgres_bin), environ.get("PATH") or os.defpath])


@contextmanager
def _kept(data_dir: Path) -> Iterator[tuple[Path, Engines]]:
    """Beside a portal that is running, its engines are used and left alone."""
    data_dir = data_dir.resolve()
    try:
        with sole_use(data_dir, "a single command"), running(data_dir) as engines:
            yield data_dir, engines
    except InUse as busy:
        if not busy.holder.startswith(BY_RUN):
            raise
        yield data_dir, urls(data_dir)


def _ended(command: subprocess.Popen[bytes]) -> int:
    """Ctrl-C reaches the command from the terminal as well; it is given the time to end by itself."""
    try:
        return command.wait()
    except KeyboardInterrupt:
        with uninterrupted():
            with suppress(subprocess.TimeoutExpired):
                command.wait(5)
            command.kill()
            command.wait()
        raise


def _reset(options: argparse.Namespace) -> int:
    data_dir = options.data_dir.resolve()
    if not data_dir.exists():
        say(f"There is nothing in {data_dir}.")
        return 0
    if any(kept.is_relative_to(data_dir) for kept in (Path.cwd(), Path.home())):
        raise EngineError(f"{data_dir} holds more than the portal's data; it is not deleted.")
    with sole_use(data_dir, "a deletion"):
        places = prepare(data_dir)
        where = f"{data_dir} and {places.home}" if places.moved else str(data_dir)
        if input(f"Delete the database, files and keys in {where}? Type yes: ") != "yes":
            say("Nothing was deleted.")
            return 1
        erase(places)
    say("Deleted. `make run` starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
