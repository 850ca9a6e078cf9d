"""`akashi serve`: issuer, registry and verifier in one process, under one address."""

import argparse

import uvicorn
from fastapi import FastAPI

from akashi.app import House
from akashi.commands.arguments import origin
from akashi.commands.house import APART, Commands, add_folder_to, folder_house, folder_of, house_apart
from akashi.problems import UsageError


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    command = commands.add_parser("serve", help="serve issuer, registry and verifier")
    add_address_to(command)
    add_folder_to(command)
    command.set_defaults(run=run)


def add_address_to(command: argparse.ArgumentParser) -> None:
    """Add where to listen."""
    command.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    command.add_argument("--port", type=int, default=8000, help="the port to listen at")


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises:
        UsageError: An address that cannot be meant, or keys that cannot be read.
    """
    listen(app_of(chosen), chosen)
    return 0


def app_of(chosen: argparse.Namespace) -> FastAPI:
    """Return the application that the arguments describe.

    Raises:
        UsageError: An address that cannot be meant, or keys that cannot be read.
    """
    house = house_there(chosen)
    print(f"Akashi serves {house.public_url}/ — stop it with Ctrl+C", flush=True)
    return house.application()


def house_there(chosen: argparse.Namespace) -> House:
    """Return the house; a new folder's address is where it listens, unless another is given.

    Raises:
        UsageError: An address that cannot be meant, or settings of services apart.
    """
    if house_apart() is not None:
        raise UsageError(
            f"the environment sets services apart: {APART}", "start each as the Dockerfile does, or unset it"
        )
    if chosen.public_url is None and not (folder_of(chosen) / "public-url").is_file():
        chosen.public_url = origin(f"http://{chosen.host}:{chosen.port}")
    return folder_house(chosen)


def listen(application: FastAPI, chosen: argparse.Namespace) -> None:
    """Answer until interrupted."""
    uvicorn.run(
        application,
        host=chosen.host,
        port=chosen.port,
        access_log=False,  # no addresses, no paths: nothing about who asked for what
        server_header=False,
        log_level="warning",
    )
