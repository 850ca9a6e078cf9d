"""`akashi demo`: load the demonstration, check every badge of it, and say what can now be opened."""

import argparse
from contextlib import nullcontext

from akashi.app import House
from akashi.commands.house import Commands, add_folder_to
from akashi.commands.serve import add_address_to, answer, house_there, listening
from akashi.commands.verify import trust_in, web_of
from akashi.demo import PAGES, REGISTRY, BrokenOffError, Case, Demonstration
from akashi.problems import UsageError
from verifier.lists import StatusLists
from verifier.report import Report, exit_code
from verifier.verify import check_report


def add_to(commands: Commands) -> None:
    """Add the command to the program's."""
    command = commands.add_parser("demo", help="issue, claim, revoke and check demonstration badges")
    command.add_argument("--serve", action="store_true", help="then serve the pages")
    add_address_to(command)
    add_folder_to(command)
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Play the demonstration; 0 only if every verdict and standing is the expected one.

    Raises:
        UsageError: A folder or an address that cannot be used.
    """
    with listening(chosen) if chosen.serve else nullcontext() as listener:
        house = house_there(chosen)
        wrong = play(house)
        if listener and not wrong:
            print(
                f"\nAkashi serves {house.public_url}/ — drop a file of {house.data / 'demo'}/ there; Ctrl+C stops",
                flush=True,
            )
            answer(house.application(), listener)
    return 1 if wrong else 0


def play(house: House) -> bool:
    """Play the demonstration, print it, and return whether anything ended otherwise than expected.

    Raises:
        UsageError: An earlier one was broken off.
    """
    try:
        cases = Demonstration(house).play()
    except BrokenOffError as error:
        where = f"an earlier demonstration in {house.data} was broken off while it was loaded"
        raise UsageError(where, f"delete {house.data}, or give another --data") from error
    reports = checked(house, cases)
    wrong = [case for case, report in zip(cases, reports, strict=True) if not as_expected(case, report)]
    show(house, cases, reports)
    for case in wrong:
        print(f"NOT AS EXPECTED: {case.name} ({case.file}); expected {case.verdict} {case.at_issue} {case.code}")
    return bool(wrong)


def checked(house: House, cases: list[Case]) -> list[Report]:
    """Return the reports, made offline from what the demonstration left on disk."""
    folder = house.data / "demo"
    web, trust, lists = web_of(str(folder / PAGES)), trust_in(str(folder / REGISTRY)), StatusLists()
    now = house.clock()
    return [
        check_report((folder / case.file).read_bytes(), now=now, web=web, trust=trust, lists=lists) for case in cases
    ]


def as_expected(case: Case, report: Report) -> bool:
    """Tell whether a report says what the case should end in, and why."""
    codes = {finding.code for finding in report.findings}
    standing = case.at_issue in {"", str(report.at_issue)}
    return (exit_code(report), str(report.verdict)) == (case.exit, case.verdict) and standing and case.code in codes


def show(house: House, cases: list[Case], reports: list[Report]) -> None:
    """Print what can be opened, and what it shows."""
    courses = sum(case.name == "course" for case in cases)
    print(f"{'case':24}{'file':30}{'verdict':14}{'at issue':12}exit")
    for case, report in zip(cases, reports, strict=True):
        if case.name != "course":
            line = f"{case.name:24}{case.file:30}{report.verdict:14}{report.at_issue:12}{exit_code(report)}"
            print(line)
    print(f"and {courses} badges of courses, c001.jwt …, in {house.data / 'demo'}/")
    print(f"check one: akashi verify {house.data / 'demo' / 'good.png'}")
