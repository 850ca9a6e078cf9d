"""`akashi serve`: issuer, registry and verifier in one process, under one address."""

import argparse
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import uvicorn
from fastapi import FastAPI

from akashi.app import House
from akashi.commands.arguments import origin, port
from akashi.commands.house import APART, Commands, add_folder_to, folder_house, folder_of, house_apart
from akashi.problems import UsageError

HERE = "127.0.0.1"


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    command = commands.add_parser("serve", help="serve issuer, registry and verifier")
    add_address_to(command)
    add_folder_to(command)
    command.set_defaults(run=run)


def add_address_to(command: argparse.ArgumentParser) -> None:
    """Add where to listen."""
    command.add_argument("--host", default=HERE, help="the address to listen at")
    command.add_argument("--port", type=port, default=8000, help="the port to listen at")


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises:
        UsageError: An address at which nobody can listen, or that cannot be meant.
    """
    with listening(chosen) as listener:
        answer(app_of(chosen), listener)
    return 0


def app_of(chosen: argparse.Namespace) -> FastAPI:
    """Return the application that the arguments describe.

    Raises:
        UsageError: As `house_there`.
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
        chosen.public_url = address_of(chosen)
    return folder_house(chosen)


def address_of(chosen: argparse.Namespace) -> str:
    """Return the address at which people reach what listens there, and say so where it is not the one given.

    Raises:
        UsageError: There is no such host, or it cannot stand in an address.
    """
    _, (ip, number) = place_of(chosen)
    if ip_address(ip).is_unspecified:
        # Every address of this computer is none of them; and the one that is chosen stands in badges for good.
        print(f"it listens everywhere, and badges will say {HERE}, which others cannot reach: see --public-url")
        return f"http://{HERE}:{number}"
    if ":" in chosen.host:
        raise UsageError(f"--host {chosen.host} cannot stand in badges", "give --public-url, too")
    return origin(f"http://{chosen.host.lower()}:{number}")


@contextmanager
def listening(chosen: argparse.Namespace) -> Iterator[socket.socket]:
    """Listen where the arguments say, before anything is made or remembered.

    Raises:
        UsageError: Nobody can listen there.
    """
    family, place = place_of(chosen)
    try:
        listener = socket.create_server(place, family=family)
    except OSError as error:
        raise not_there(chosen, os.strerror(error.errno or 0)) from error
    with listener:
        yield listener


def place_of(chosen: argparse.Namespace) -> tuple[int, tuple[str, int]]:
    """Return the kind of address that a host has, and the address with the port.

    Raises:
        UsageError: There is no such host.
    """
    try:
        found = socket.getaddrinfo(chosen.host, chosen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise not_there(chosen, "there is no such host") from error
    family, _, _, _, place = found[0]
    return family, (str(place[0]), chosen.port)


def not_there(chosen: argparse.Namespace, why: str) -> UsageError:
    """Return why nobody can listen there."""
    return UsageError(f"cannot listen at {chosen.host}, port {chosen.port}: {why}", "choose another --port or --host")


def answer(application: FastAPI, listener: socket.socket) -> None:
    """Answer until interrupted."""
    config = uvicorn.Config(
        application,
        access_log=False,  # no addresses, no paths: nothing about who asked for what
        server_header=False,
        log_level="warning",
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
