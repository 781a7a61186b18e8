"""Whose files, and where: the data folder, the user that engines run as, and the one who may use them."""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from portal.engines.addresses import fingerprint, socket_dir
from portal.engines.errors import EngineError

# PostgreSQL refuses to run as root. These exist on the machine already; no user is ever created.
UNPRIVILEGED = ("postgres", "nobody")
ELSEWHERE = Path("/var/lib") if Path("/var/lib").is_dir() else Path("/var/tmp")  # noqa: S108


class Identity(TypedDict, total=False):
    """Arguments with which `subprocess` becomes another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Places:
    data_dir: Path
    home: Path
    """What the engines keep: DATA_DIR/engines, or another place where their user cannot enter DATA_DIR."""
    user: pwd.struct_passwd | None
    """Whom the engines run as when root starts them; None means as whoever starts them."""

    @property
    def sockets(self) -> Path:
        return socket_dir(self.data_dir)

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def running(self) -> Path:
        return self.data_dir / "run"

    @property
    def moved(self) -> bool:
        return self.home.parent != self.data_dir

    def identity(self) -> Identity:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}


def prepare(data_dir: Path) -> Places:
    """Make the folders that are missing. Never changes the mode or owner of a folder it did not make."""
    data_dir = data_dir.resolve()
    try:
        # Root lets the user of the engines walk through, to their own folder only.
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        places = _places(data_dir)
        for folder in (places.logs, places.running):
            folder.mkdir(exist_ok=True, mode=0o700)
        _make_home(places)
    except PermissionError as error:
        raise Closed(error.filename) from error
    for folder in (data_dir, places.logs, places.running, places.home):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Closed(folder)
    claim_sockets(places)
    return places


class Closed(EngineError):
    def __init__(self, folder: object) -> None:
        super().__init__(
            f"{folder} cannot be used by {_me()}. Run as the user who made it,"
            " or name another folder: make run DATA_DIR=…"
        )


def _places(data_dir: Path) -> Places:
    inside, elsewhere = data_dir / "engines", ELSEWHERE / f"huduma-{fingerprint(data_dir)}"
    if os.geteuid() != 0:
        return Places(data_dir, inside, None)
    for home in (inside, elsewhere):
        if (home / "postgres").is_dir():
            return _found(Places(data_dir, home, _owner(home / "postgres")))
    user = _unprivileged_user()
    return Places(data_dir, inside if _can_enter(data_dir, user) else elsewhere, user)


def _found(places: Places) -> Places:
    """Never a new empty database in another place because the old one has become unreachable."""
    if places.user and not _can_enter(places.home.parent, places.user):
        raise EngineError(
            f"The database is in {places.home}, and its user {places.user.pw_name} can no longer enter"
            f" {places.home.parent}. Open that folder to others (chmod o+x), or name another DATA_DIR."
        )
    return places


def _owner(folder: Path) -> pwd.struct_passwd:
    """Data made by an ordinary user stay theirs when root runs the portal once."""
    return pwd.getpwuid(folder.stat().st_uid)


def _unprivileged_user() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EngineError(
        f"PostgreSQL does not run as root, and this machine has none of the users {', '.join(UNPRIVILEGED)}."
        " Run as an ordinary user, or name a server in DATABASE_URL."
    )


def _can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Asked of the system itself, which also knows about access lists and mounts."""
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], **Places(folder, folder, user).identity(),
        cwd="/", stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return probe.returncode == 0


def _make_home(places: Places) -> None:
    """Root owns the folder and the settings in it, the user of the engines only their data below it."""
    places.home.mkdir(exist_ok=True, mode=0o700)
    if places.user and places.home.lstat().st_uid not in (os.geteuid(), places.user.pw_uid):
        raise EngineError(f"{places.home} belongs to another user; it is not used.")
    if places.user and places.home.stat().st_uid == os.geteuid():
        os.chown(places.home, -1, places.user.pw_gid)
        places.home.chmod(0o750)


def own_folder(places: Places, path: Path) -> Path:
    """A folder that the engines may write in and nobody else may enter."""
    path.mkdir(mode=0o700)
    if places.user:
        os.chown(path, places.user.pw_uid, places.user.pw_gid)
    return path


def claim_sockets(places: Places) -> None:
    """Anybody may create names in /tmp: a folder that is not ours already is refused, not used."""
    places.sockets.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid()} | ({places.user.pw_uid} if places.user else set())
    try:
        folder = os.open(places.sockets, os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise EngineError(f"{places.sockets} is in the way and is not a folder of ours; remove it.") from error
    try:
        if os.fstat(folder).st_uid not in owners:
            raise EngineError(f"{places.sockets} belongs to another user; it is not used. Remove it as root.")
        os.fchmod(folder, stat.S_IRWXU)
        if places.user:
            os.fchown(folder, places.user.pw_uid, places.user.pw_gid)
    finally:
        os.close(folder)


@contextmanager
def sole_use(data_dir: Path, purpose: str) -> Iterator[None]:
    """One user of a data folder at a time. The system drops the lock however its holder dies."""
    data_dir = data_dir.resolve()
    prepare(data_dir)
    with (data_dir / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise InUse(data_dir, lock.read().strip()) from error
        lock.truncate(0)
        lock.write(f"{purpose} (process {os.getpid()})\n")
        lock.flush()
        yield


class InUse(EngineError):
    def __init__(self, data_dir: Path, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"{data_dir} is already in use by {holder}. Stop that one first,"
            " or run beside it: make run DATA_DIR=… PORT=…"
        )


def erase(places: Places) -> None:
    for folder in (places.home, places.sockets, places.data_dir):
        shutil.rmtree(folder, ignore_errors=folder != places.data_dir)


def _me() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user number {os.geteuid()}"
