"""Makes .venv and installs exactly what a requirements file names. Run by path, on a bare Python.

python3 portal/engines/install.py requirements.txt
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
VENV = Path(".venv")


def main(requirements: str) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed, not {sys.version.split()[0]}: make run PYTHON=python3.12")
    stamp, wanted = _stamp(requirements), _fingerprint(requirements)
    if _python_works() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not _python_works():
        _make_venv()
    print(f"Installing the packages of {requirements} (once; minutes on a slow line)", flush=True)  # noqa: T201
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([_python(), "-m", "pip", "install", *quiet, "--require-hashes", "-r", requirements])
    if done.returncode:
        sys.exit("The packages could not be installed; pip says why above. Run the same command again to go on.")
    stamp.write_text(wanted)


def _python() -> str:
    return str(VENV / "bin/python")


def _python_works() -> bool:
    """A .venv whose Python was removed or that was copied from elsewhere is made anew."""
    try:
        probe = subprocess.run(
            [_python(), "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False
    return probe.returncode == 0


def _make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            f"{done.stdout}\nThis Python cannot make a virtual environment."
            " On Debian and Ubuntu: apt install python3-venv; then run the same command again."
        )


def _stamp(requirements: str) -> Path:
    return VENV / ("installed-" + requirements.replace(os.sep, "-"))


def _fingerprint(requirements: str) -> str:
    return hashlib.sha256(Path(requirements).read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
