"""Akashi as an operator runs it: its own process, its own folder, with the demonstration in it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from urllib.parse import urlsplit

import orjson


@dataclass(frozen=True)
class Living:
    """A running Akashi: where it answers, and where it could have kept something."""

    address: str
    data: Path
    log: Path
    temporary: Path

    def command(self, *arguments: str) -> str:
        """Run `akashi` over the same folder and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "akashi", *arguments, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
            env=environment(self.temporary),
        )
        return done.stdout

    def ask(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, object]]:
        """POST from an address of our own choice, so that it can be looked for afterwards."""
        host, port = urlsplit(self.address).netloc.split(":")
        connection = http.client.HTTPConnection(host, int(port), source_address=("127.0.0.77", 0), timeout=30)
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        content = orjson.loads(answer.read())
        connection.close()
        return answer.status, content


def environment(temporary: Path) -> dict[str, str]:
    """Return the environment of a process whose temporary files we can look through."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}  # noqa: TID251 - a test's own
    return {**kept, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}


@contextmanager
def living(folder: Path) -> Iterator[Living]:
    """Play the demonstration in a folder, serve it, and stop it in the end."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    one = Living(f"http://127.0.0.1:{port}", folder / "data", folder / "log.txt", folder / "tmp")
    one.temporary.mkdir()
    arguments = ["demo", "--serve", "--port", str(port), "--public-url", one.address, "--data", str(one.data)]
    # At its end, wherever that is: a test may write to it too.
    with one.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "akashi", *arguments], stdout=log, stderr=log, env=environment(one.temporary)
        )
        try:
            wait_for(port, process)
            yield one
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("akashi ended instead of serving")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            with connection.getresponse() as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError("akashi does not answer")
