"""The catalogues and style sheets: nothing in them that no page says or shows."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from badges.web.catalogue import load

ROOT = Path(__file__).parents[2]
ROOMS = ("akashi", "badges", "issuer", "keys", "registry", "schemas", "verifier")
CATALOGUE = load("badges.web", "verifier", "registry", "issuer")
QUOTED = re.compile(r"""["'`]([A-Za-z0-9_./-]+)["'`]""")
MEMBER = re.compile(r"""[{,]\s*"?([a-z-]+)"?:""")
# A key or a code that is put together: what stands before and after the part that changes.
MADE = (
    re.compile(r"`([a-z.-]*)\$\{[^}]*\}([a-z.-]*)"),
    re.compile(r"""f["']([a-z.-]*)\{[^}]*\}([a-z.-]*)"""),
    re.compile(r"""["']([a-z.-]+)["'] ~ [^~)]+(?:~ ["']([a-z.-]+)["'])?"""),
)


WRITTEN = (".py", ".js", ".ts", ".html")
NOT_OURS = {"vendor", "node_modules", "app", "tests"}
"""Folders of other people's code, of what is built from ours, and of tests."""


def sources() -> Iterator[str]:
    for room in ROOMS:
        for folder, below, names in os.walk(ROOT / room):
            below[:] = set(below) - NOT_OURS
            yield from (Path(folder, name).read_text() for name in names if name.endswith(WRITTEN))


def unused() -> list[str]:
    """Return the keys that stand nowhere as a whole, nor as a known beginning or ending and quoted words."""
    texts = list(sources())
    words = {word for text in texts for pattern in (QUOTED, MEMBER) for word in pattern.findall(text)}
    made = {ends for text in texts for pattern in MADE for ends in pattern.findall(text)} - {("", "")}
    codes = words | {word for word in pieces(CATALOGUE.keys()) if put_together(word, made, words)}
    return sorted(key for key in CATALOGUE.keys() - words if not put_together(key, made, codes))


def pieces(keys: frozenset[str]) -> set[str]:
    return {piece for key in keys for piece in key.split(".")}


def put_together(key: str, made: set[tuple[str, str]], words: set[str]) -> bool:
    """Tell whether a key is a beginning and an ending of ours with quoted words between."""
    middles = [
        key[len(start) : len(key) - len(end)]
        for start, end in made
        if key.startswith(start) and key.endswith(end) and len(key) > len(start) + len(end)
    ]
    return any(
        middle in words or set(re.sub(r"\.(title|detail)$", "", middle).split(".")) <= words for middle in middles
    )


def test_every_text_is_said_somewhere() -> None:
    assert unused() == []


def test_a_text_that_nobody_says_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = CATALOGUE.keys() | {"page.check.planted", "finding.form.planted", "problem.planted.title"}
    monkeypatch.setattr(type(CATALOGUE), "keys", lambda _: planted)

    assert unused() == ["finding.form.planted", "page.check.planted", "problem.planted.title"]


OTHER_SPELLING = re.compile(r"[()]|ブラウザ(?!ー)|サーバ(?!ー)|ヘッダ(?!ー)|プロバイダ")


def test_japanese_texts_keep_to_one_spelling() -> None:
    assert [key for key, text in CATALOGUE.texts["ja"].items() if OTHER_SPELLING.search(text)] == []


def test_both_languages_fill_in_the_same() -> None:
    filled = [
        {key: set(re.findall(r"{(\w+)}", text)) for key, text in CATALOGUE.texts[one].items()} for one in ("ja", "en")
    ]

    assert filled[0] == filled[1]


def test_every_style_is_shown_somewhere() -> None:
    sheets = [file.read_text() for room in ROOMS for file in (ROOT / room).rglob("*.css")]
    selectors = " ".join(part for sheet in sheets for part in re.findall(r"([^{}]*)\{", sheet))
    named = set(re.findall(r"[.#]([a-z][a-z-]*)", re.sub(r"/\*.*?\*/", "", selectors)))
    shown = " ".join(sources())

    # What the report's script puts together.
    assert {name for name in named if not re.search(rf"\b{name}\b", shown)} == {
        f"tone-{tone}" for tone in ("good", "care", "bad", "none")
    }
