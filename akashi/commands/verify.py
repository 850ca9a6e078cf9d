"""`akashi verify`: check badges from files or links, with the web or with pages at hand."""

import argparse
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import orjson

from akashi.commands.arguments import FIRST_YEAR, LAST_YEAR
from akashi.commands.house import folder_house, house_apart, settings_told
from akashi.commands.record import Given, Speech, print_json, read_record, repeat, show_repeated
from akashi.problems import UsageError
from badges import strict_json
from badges.accreditation import read_snapshot
from badges.errors import BadgeError
from badges.web.catalogue import Catalogue, load
from badges.web.language import Language
from verifier.app import open_web, registry_of, snapshot_web
from verifier.lists import StatusLists
from verifier.report import Report, exit_code
from verifier.settings import VerifierSettings
from verifier.trust import Trust
from verifier.verify import check_report
from verifier.web import MapWeb, OwnWeb, Web

MAX_FILE_BYTES = 8 * 1_048_576  # what the verifier takes of a picture
MAX_REGISTRY_BYTES = 24 * 1_048_576  # base64 of the longest snapshot
WORST_FIRST = (1, 3, 4, 0)  # not verified, inconclusive, of lower standing, all good


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command to the program's."""
    command = commands.add_parser(
        "verify", help="check badges: files (JSON, JWT, PNG, SVG, PDF, photos of QR codes) or links"
    )
    command.add_argument("badge", nargs="*", metavar="FILE|LINK", help="what to check")
    command.add_argument("--record", metavar="FILE", help="instead: a verification record to repeat")
    command.add_argument("--json", action="store_true", help="print the reports as JSON, one a line")
    command.add_argument("--now", metavar="TIME", help="the time that counts as now, such as 2026-11-23T00:00:00Z")
    command.add_argument("--pages", metavar="MAP.json", help="an object URL → file: read these, and no network at all")
    command.add_argument("--registry", metavar="FILE", help="the registry snapshot to trust")
    command.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        help="without --pages and --registry, this folder's own are read; else the registry of VERIFIER_REGISTRY_URL",
    )
    command.add_argument("--language", choices=("ja", "en"), help="of the texts; by default the environment's")
    command.set_defaults(run=run, public_url=None)


def run(chosen: argparse.Namespace) -> int:
    """Check every badge, print what was found, and return the gravest exit code.

    Raises:
        UsageError: A file, map, snapshot or time that cannot be read, or nothing to check.
    """
    if bool(chosen.badge) == bool(chosen.record):
        raise UsageError("give either badges or a record", "akashi verify --help")
    now = moment(chosen.now)
    trust, web = believed(chosen)
    language, catalogue, lists = language_of(chosen.language), load("badges.web", "verifier"), StatusLists()
    if chosen.record:
        given = Given(now, web, trust, again=bool(chosen.registry or chosen.pages))
        return run_record(Path(chosen.record), given, (language, catalogue), as_json=chosen.json)
    codes = set()
    for name in chosen.badge:
        report = check_report(bytes_of(name), now=now, web=web, trust=trust, lists=lists)
        show(name, report, language, catalogue, as_json=chosen.json)
        codes.add(exit_code(report))
    return next(code for code in WORST_FIRST if code in codes)


def run_record(path: Path, given: Given, speech: Speech, *, as_json: bool) -> int:
    """Repeat a record, print what has changed, and return the gravest exit code of today.

    Raises:
        UsageError: No record.
    """
    record = read_record(path, read(path))
    repeated = repeat(record, given)
    (print_json if as_json else show_repeated)(record, repeated, given, speech)
    codes = {exit_code(one.now) for one in repeated}
    return next(code for code in WORST_FIRST if code in codes)


def believed(chosen: argparse.Namespace) -> tuple[Trust, Web]:
    """Return whose word counts and what can be read.

    What the options name; else the data folder's own registry and documents; else the registry of `VERIFIER_*`.

    Raises:
        UsageError: A file or a setting that cannot be read.
        SettingsError: A registry without its key.
    """
    if chosen.pages:
        return trust_in(chosen.registry), web_of(chosen.pages)
    with settings_told():
        settings = VerifierSettings()
    web = open_web(settings)
    if chosen.registry:
        return trust_in(chosen.registry), web
    if house_apart() is None and (chosen.data / "registry.sqlite3").is_file():
        # By its own clock: what this house would sign anew on the way is not to be dated by `--now`.
        house = folder_house(chosen)
        return Trust(house.registry.snapshots.latest()), OwnWeb(house.read, web)
    snapshots = registry_of(settings, snapshot_web(settings))
    return Trust(snapshots.latest() if snapshots else None), web


def show(name: str, report: Report, language: Language, catalogue: Catalogue, *, as_json: bool) -> None:
    """Print one report: a line of JSON, or words for people."""
    content = report.to_json(language, catalogue)
    if as_json:
        print(orjson.dumps({"badge": label(name), **content}).decode())
        return
    standing = cast("Mapping[str, str]", content["standing"])
    print(f"{label(name)}: {content['verdict']}; at issue: {standing['atIssue']}; now: {standing['now']}")
    for finding in cast("list[Mapping[str, str]]", content["findings"]):
        print(f"  {finding['outcome']:8}{finding['check']:12}{finding['text']}")


def label(name: str) -> str:
    """Return the name to print: of a badge link not the badge itself."""
    return name.partition("#")[0] + "#…" if "#" in name else name


def bytes_of(name: str) -> bytes:
    """Return the bytes to check: the link itself, or the file's.

    Raises:
        UsageError: There is no such file, or it cannot be read.
    """
    return name.encode() if name.startswith(("https://", "http://")) else read(Path(name))


def moment(text: str | None) -> datetime:
    """Return the given time, or the clock's.

    Raises:
        UsageError: Not a time with its zone.
    """
    if text is None:
        return datetime.now(UTC)  # noqa: TID251 - the program reads the clock
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text} is no time", "write it as 2026-11-23T00:00:00Z") from error
    if given.tzinfo is None:
        raise UsageError(f"{text} has no time zone", "write it as 2026-11-23T00:00:00Z")
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise UsageError(f"{text} is no time from {FIRST_YEAR} to {LAST_YEAR}", "write it as 2026-11-23T00:00:00Z")
    return given


def trust_in(file: str | None) -> Trust:
    """Return the trust in a snapshot; the file that a person names is the pin of its key.

    Raises:
        UsageError: Not a registry snapshot.
    """
    if file is None:
        return Trust()
    try:
        return Trust(read_snapshot(read(Path(file), most=MAX_REGISTRY_BYTES).decode("ascii").strip(), None))
    except (BadgeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no registry snapshot", "save <registry>/registry/latest as that file") from error


def web_of(file: str) -> Web:
    """Return the pages of a map and nothing else.

    Raises:
        UsageError: Not a map from URLs to files.
    """
    hint = 'write {"https://…": "file"}; files stand relative to the map'
    try:
        pages = strict_json.parse_object(read(Path(file)))
    except BadgeError as error:
        raise UsageError(f"{file} is not a JSON object", hint) from error
    if not all(isinstance(name, str) for name in pages.values()):
        raise UsageError(f"{file} names something else than files", hint)
    return MapWeb({url: Path(file).parent / str(name) for url, name in pages.items()})


def read(path: Path, *, most: int = MAX_FILE_BYTES) -> bytes:
    """Return a file's bytes.

    Raises:
        UsageError: It cannot be read, or it has more than `most` bytes: a device never ends.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "give the path of a file") from error
    if len(content) > most:
        raise UsageError(f"{path} is too large", f"a file of its kind has at most {most} bytes")
    return content


def language_of(chosen: str | None) -> Language:
    """Return the chosen language, else Japanese where the environment speaks it."""
    if chosen is not None:
        return cast("Language", chosen)
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""  # noqa: TID251 - the program reads the environment
    return "ja" if spoken.startswith("ja") else "en"
