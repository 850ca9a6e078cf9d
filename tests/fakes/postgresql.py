"""A real PostgreSQL server of a test's own, run as a user that is not root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.needs import missing

BINARIES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *map(Path, os.get_exec_path())]


def binary(name: str) -> str:
    """Return where a program of PostgreSQL is; without it the test ends as `missing` says."""
    found = next((str(folder / name) for folder in BINARIES if (folder / name).is_file()), None)
    if found is None:
        missing("PostgreSQL (make test installs it)")
    return found


def as_somebody() -> list[str]:
    """Return what makes a command run as a user that PostgreSQL accepts."""
    if os.geteuid() != 0:
        return []
    names = {user.pw_name for user in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server on a Unix socket, and stop it in the end; gives the folder of its socket."""
    initdb, control = binary("initdb"), binary("pg_ctl")
    folder = Path(mkdtemp(prefix="pg-", dir="/tmp"))
    prefix = as_somebody()
    if prefix:
        shutil.chown(folder, prefix[1].partition("=")[2])
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*prefix, *command], check=True, capture_output=True, cwd=folder)

    run(initdb, "-D", str(data), "-U", "akashi", "--auth=trust", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run(control, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield str(folder)
    finally:
        run(control, "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
