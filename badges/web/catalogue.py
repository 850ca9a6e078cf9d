"""The texts that people read, in Japanese and English."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import orjson

from badges.web.language import LANGUAGES, Language


class MissingTextError(LookupError):
    """No catalogue has this key: a mistake of ours, never of a reader."""


class CatalogueError(ValueError):
    """The catalogue files contradict each other."""


@dataclass(frozen=True)
class Catalogue:
    """Flat texts by language and key, with `{placeholders}`."""

    texts: Mapping[Language, Mapping[str, str]]

    def text(self, language: Language, key: str, /, **params: str) -> str:
        """Return the text with its placeholders filled.

        Raises:
            MissingTextError: The key, or a parameter that the text needs, is not there.
        """
        try:
            return self.texts[language][key].format_map(params)
        except KeyError as error:
            raise MissingTextError(f"the text {key} ({language}) lacks {error}") from error

    def text_in_general(self, language: Language, key: str) -> str:
        """Return the text with "…" for each placeholder, for a page that explains it without a case at hand."""
        return self.texts[language][key].format_map(defaultdict(lambda: "…"))

    def keys(self) -> frozenset[str]:
        """Return every key, the same in each language."""
        return frozenset(self.texts["ja"])

    def __contains__(self, key: str) -> bool:
        return key in self.texts["ja"]

    def with_prefix(self, language: Language, *prefixes: str) -> dict[str, str]:
        """Return the raw texts whose keys start with one of the prefixes, for the scripts of a page."""
        return {key: text for key, text in self.texts[language].items() if key.startswith(prefixes)}


def load(*packages: str) -> Catalogue:
    """Merge `<package>/catalogues/{ja,en}.json` of these packages, and `<area>.{ja,en}.json` beside them.

    Raises:
        CatalogueError: A key exists in one language only, or two packages give it different texts.
    """
    texts = {language: merged(language, packages) for language in LANGUAGES}
    lonely = set(texts["ja"]) ^ set(texts["en"])
    if lonely:
        raise CatalogueError(f"in one language only: {', '.join(sorted(lonely))}")
    return Catalogue(texts)


def merged(language: Language, packages: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of all packages in one language."""
    texts: dict[str, str] = {}
    for package in packages:
        for key, text in read(package, language).items():
            if texts.setdefault(key, text) != text:
                raise CatalogueError(f"{package} gives {key} ({language}) another text than a package before it")
    return texts


def read(package: str, language: Language) -> dict[str, str]:
    """Return what the catalogue files of a package say in one language.

    Raises:
        CatalogueError: Two of them have the same key.
    """
    texts: dict[str, str] = {}
    for file in sorted(files(package).joinpath("catalogues").iterdir(), key=lambda one: one.name):
        if file.name == f"{language}.json" or file.name.endswith(f".{language}.json"):
            found: dict[str, str] = orjson.loads(file.read_bytes())
            twice = texts.keys() & found.keys()
            if twice:
                raise CatalogueError(f"{package} has {', '.join(sorted(twice))} ({language}) in two files")
            texts |= found
    return texts
