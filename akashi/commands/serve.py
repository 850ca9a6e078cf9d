"""`akashi serve`: answer people and programs over HTTP."""

import argparse
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from akashi.problems import UsageError
from keys.public_key import KeyFormatError
from verifier.app import SettingsError, create_app
from verifier.settings import VerifierSettings


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command to the program's."""
    command = commands.add_parser("serve", help="serve the verifier's page and API")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    command.add_argument("--port", type=int, default=8000, help="the port to listen at")
    command.set_defaults(run=run)
    command.add_argument(
        "--data", type=Path, default=Path("data"), help="the folder for what is kept; nothing of people"
    )
    command.add_argument("--public-url", metavar="URL", help="where people reach it; http://HOST:PORT by default")
    command.add_argument("--registry-url", metavar="URL", default="", help="the registry to trust")
    command.add_argument(
        "--registry-key", metavar="MULTIKEY", default="", help="the key that its snapshots are signed with"
    )


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises:
        UsageError: An address or a key that cannot be meant.
    """
    uvicorn.run(
        app_of(chosen),
        host=chosen.host,
        port=chosen.port,
        access_log=False,  # no addresses, no paths: nothing about who asked for what
        server_header=False,
        log_level="warning",
    )
    return 0


def app_of(chosen: argparse.Namespace) -> FastAPI:
    """Return the application that the arguments describe.

    Raises:
        UsageError: An address or a key that cannot be meant.
    """
    public_url = chosen.public_url or f"http://{chosen.host}:{chosen.port}"
    try:
        settings = VerifierSettings(
            public_url=public_url,
            data=chosen.data / "verifier",
            registry_url=chosen.registry_url,
            registry_key=chosen.registry_key,
        )
        application = create_app(settings)
    except (SettingsError, KeyFormatError, ValidationError) as error:
        places = error.errors() if isinstance(error, ValidationError) else []
        names = ", ".join(f"--{place['loc'][0]}".replace("_", "-") for place in places) or str(error)
        raise UsageError(
            f"these settings cannot be meant: {names}", "addresses are like https://host, keys like z6Mk…"
        ) from error
    print(f"Akashi serves {public_url}/ — stop it with Ctrl+C", flush=True)
    return application
