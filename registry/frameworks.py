"""Skill standards as pages and data: frameworks, items and levels at addresses that never change."""

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges.strict_json import dump
from badges.web.app import wants_html
from badges.web.documents import PublicDocument, respond
from badges.web.pages import Pages
from badges.web.problems import Problem
from schemas.frameworks import FRAMEWORKS, Framework, Item, UnknownNameError, crosswalk

DAY_SECONDS = 86_400
KEY = r"/frameworks/(?P<key>[^/]+/[^/]+)"
FRAMEWORK = re.compile(KEY)
ITEM = re.compile(rf"{KEY}/items/(?P<item>[^/]+)")
LEVEL = re.compile(rf"{KEY}/levels/(?P<scheme>[^/]+)/(?P<value>[^/]+)")
GITHUB = re.compile(r"github:(?P<repository>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40}):(?P<path>[^\s{}]+)")


def data_at(path: str, base: str) -> dict[str, Any] | None:
    """Return what stands at a path as JSON with ids under `base`, or None."""
    try:
        if path == "/frameworks":
            return {"id": f"{base}/frameworks", "frameworks": [summary(one, base) for one in FRAMEWORKS.values()]}
        if found := FRAMEWORK.fullmatch(path):
            return framework_json(FRAMEWORKS[found["key"]], base)
        if found := ITEM.fullmatch(path):
            standard = FRAMEWORKS[found["key"]]
            return item_json(standard, standard.item(found["item"]), base)
        if found := LEVEL.fullmatch(path):
            return level_json(FRAMEWORKS[found["key"]], found["scheme"], found["value"], base=base)
    except (KeyError, UnknownNameError):
        return None
    return None


def summary(standard: Framework, base: str) -> dict[str, Any]:
    """Return a framework without its entries."""
    return {
        "id": f"{base}/frameworks/{standard.key}",
        "key": standard.key,
        "version": standard.version,
        "name": asdict(standard.name),
        "hasScale": standard.has_scale,
        "note": standard.note,
    }


def framework_json(standard: Framework, base: str) -> dict[str, Any]:
    """Return a framework with its areas, items and scales, and how sure each is."""
    return {
        **summary(standard, base),
        "areas": [{"id": area.id, "name": asdict(area.name)} for area in standard.areas],
        "items": [item_json(standard, item, base) for item in standard.items],
        "levels": [
            level_json(standard, scheme.id, step.value, base=base)
            for scheme in standard.schemes
            for step in scheme.steps
        ],
    }


def item_json(standard: Framework, item: Item, base: str) -> dict[str, Any]:
    """Return an item; `verified` says that a retrieved text, `source`, names it so."""
    return {
        "id": f"{base}/frameworks/{standard.key}/items/{item.id}",
        "framework": standard.key,
        "frameworkName": asdict(standard.name),
        "code": item.id,
        "name": asdict(item.name),
        "area": next((asdict(area.name) for area in standard.areas if area.id == item.area), {"ja": "", "en": ""}),
        "verified": item.verified,
        "source": item.source,
        "crosswalk": [other_version(one.other, base) for one in crosswalk(item.id) if one.other],
    }


def other_version(item_id: str, base: str) -> dict[str, Any]:
    """Return the same item in another version of its standard."""
    standard = next(one for one in FRAMEWORKS.values() if any(item.id == item_id for item in one.items))
    address = f"/frameworks/{standard.key}/items/{item_id}"
    return {"relation": "same", "id": base + address, "path": address, "framework": standard.key, "code": item_id}


def level_json(standard: Framework, scheme_id: str, value: str, *, base: str) -> dict[str, Any]:
    """Return a level of a named scale, in full words.

    Raises:
        UnknownLevelError: There is none.
    """
    step = standard.level(scheme_id, value)
    scheme = next(one for one in standard.schemes if one.id == scheme_id)
    return {
        "id": f"{base}/frameworks/{standard.key}/levels/{scheme_id}/{value}",
        "framework": standard.key,
        "frameworkName": asdict(standard.name),
        "code": f"{standard.key}/{scheme_id}/{value}",
        "scheme": {"id": scheme.id, "name": asdict(scheme.name), "verified": scheme.verified},
        "value": value,
        "name": asdict(step.name),
        "verified": step.verified,
    }


def read(path: str, base: str) -> PublicDocument | None:
    """Return the JSON document at a path, or None."""
    found = data_at(path, base)
    return PublicDocument(dump(found), "application/json", DAY_SECONDS) if found else None


def source_link(source: str) -> dict[str, str] | None:
    """Return where a source can be read, as `url` and `host`; None for one that has no address."""
    found = GITHUB.match(source)
    url = "https://github.com/{repository}/blob/{commit}/{path}".format(**found.groupdict()) if found else source
    address = url.split(maxsplit=1)[0] if url.startswith("https://") else ""
    return {"url": address, "host": urlsplit(address).hostname or ""} if address else None


def sections(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a framework's areas with their items, both in the standard's own order."""
    return [
        {"name": area["name"], "items": [item for item in found["items"] if item["area"] == area["name"]]}
        for area in found["areas"]
    ]


def for_people(found: dict[str, Any]) -> dict[str, Any]:
    """Return what a page shows beside the document: the notes in it are for those who maintain it."""
    extras: dict[str, Any] = {"found": found}
    if "areas" in found:
        standard = FRAMEWORKS[found["key"]]
        extras |= {"sections": sections(found), "official": standard.data.get("pages", [])}
    if "crosswalk" in found:
        others = [(one["path"], FRAMEWORKS[one["framework"]], one["code"]) for one in found["crosswalk"]]
        named = [{"path": path, "standard": one.name, "item": one.item(code).name} for path, one, code in others]
        extras |= {"source": source_link(found["source"]), "others": named}
    return extras


def framework_router(pages: Pages, base: str) -> APIRouter:
    """Return the routes: pages for people, JSON for programs; `base` is the registry's public address."""
    router = APIRouter(include_in_schema=False)

    def answer(request: Request, template: str) -> Response:
        found = data_at(request.url.path, base)
        if found is None:
            raise Problem(404, "not-found")
        if wants_html(request):
            return pages.render(request, template, cache=f"public, max-age={DAY_SECONDS}", **for_people(found))
        return respond(request, PublicDocument(dump(found), "application/json", DAY_SECONDS))

    @router.get("/frameworks")
    def read_frameworks(request: Request) -> Response:
        return answer(request, "frameworks.html")

    @router.get("/frameworks/{framework}/{version}")
    def read_framework(request: Request) -> Response:
        return answer(request, "framework.html")

    @router.get("/frameworks/{framework}/{version}/items/{item}")
    def read_item(request: Request) -> Response:
        return answer(request, "item.html")

    @router.get("/frameworks/{framework}/{version}/levels/{scheme}/{value}")
    def read_level(request: Request) -> Response:
        return answer(request, "level.html")

    return router
