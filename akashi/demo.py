"""The demonstration: twelve providers, sixty courses, and badges good and bad, always as of today.

What our issuer rightly refuses is signed here with the demo provider's key, as another issuer's software would.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson

from akashi.accreditor import own_accreditor
from akashi.app import House
from akashi.enrolment import accredit, enrol, publish, register_keys
from badges.accreditation import Scope, Window
from badges.credential import Mechanism
from badges.formats import bake
from badges.formats.qr import badge_link, draw_png
from badges.proof import sign
from issuer.achievements import Definition, ItemReference, LevelReference, Name, Text, create_achievement
from issuer.issuing import AwardRequest, Batch, Issued, RefusedError, issue
from issuer.offers import NewOffer, claim, create_offers, expiry
from issuer.picture import draw_png as draw_seal
from issuer.picture import draw_svg
from issuer.providers import rotate_keys
from issuer.status_lists import Reason, revoke
from issuer.store import Provider, UnknownProviderError
from keys.did import web_url
from keys.public_key import Algorithm
from keys.signer import did_key_signer, generate, local_signer
from registry import providers as register
from schemas.frameworks import framework

ZONE = ZoneInfo("Asia/Tokyo")
FRAMEWORKS = ("dss-l/1", "dss-p/2.0")
SCALES = (Scope("itss/3", scheme="demo-itss", highest="4"), Scope("itss/3", scheme="itss", highest="4"))
OLD_STANDARD, OLD_STANDARD_PROVIDER = "dss-p/1.2", "p05"
ROTATED, SUSPENDED, EXPIRED = "p04", "p07", "p12"
MANIFEST, PAGES, REGISTRY = "manifest.json", "pages.json", "registry.jws"
LOADED = "loaded"
"""The file that holds the day on which everything was loaded, written last."""


@dataclass(frozen=True)
class Case:
    """A file of the demonstration, and how its verification must end.

    Attributes:
        exit: What `akashi verify` ends with.
        code: A finding that says why.
    """

    name: str
    file: str
    data: bytes
    exit: int
    verdict: str
    at_issue: str
    code: str


class RefusalMissingError(Exception):
    """Our issuer issued what it should have refused: the demonstration has failed."""


class BrokenOffError(Exception):
    """An earlier demonstration was broken off while it was loaded; what is there is a part of it."""


class Calendar:
    """The demonstration's dates, moved so that the day on which it was written is the day on which it was loaded."""

    def __init__(self, written: date, loaded: date) -> None:
        self._shift = loaded - written

    def day(self, text: str) -> datetime:
        """Return the start of the day that a date of the data has become."""
        return datetime.combine(date.fromisoformat(text) + self._shift, time(), ZONE)


class Demonstration:
    """The demonstration in a house.

    Args:
        house: Where the providers issue.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.issuing = house.issuer.issuing
        self.folder = house.data / "demo"
        self.content: dict[str, Any] = orjson.loads(files("akashi").joinpath("demo.json").read_bytes())
        self.now = house.clock()
        self.written = date.fromisoformat(self.content["meta"]["made"])
        self.calendar = Calendar(self.written, self.loaded())

    def loaded(self) -> date:
        """Return the day on which the data was loaded: today, the first time."""
        file = self.folder / LOADED
        return date.fromisoformat(file.read_text()) if file.exists() else self.now.astimezone(ZONE).date()

    def play(self) -> list[Case]:
        """Load the data if it is not there, issue the badges, write everything down, and return the cases."""
        self.load()
        cases = [*self.good(), *self.bad(), *self.foreign(), *self.catalogue()]
        for case in cases:
            (self.folder / case.file).write_bytes(case.data)
        self.write_pages()
        manifest = {case.file: case.exit for case in cases}
        (self.folder / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        return cases

    # Loading

    def load(self) -> None:
        """Enter providers, accreditations and achievements; if they are there, what has come to an end since.

        Raises:
            BrokenOffError: An earlier run did not come to the end of this.
        """
        if (self.folder / LOADED).exists():
            self.renew()
        elif self.begun():
            raise BrokenOffError
        else:
            for entry in self.content["providers"]:
                self.enter(entry)
            for course in self.content["courses"]:
                self.define(course)
            self.define_others()
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / LOADED).write_text(self.loaded().isoformat())
        publish(self.house)

    def begun(self) -> bool:
        """Tell whether the first provider is there."""
        try:
            self.provider(self.content["providers"][0]["id"])
        except UnknownProviderError:
            return False
        return True

    def enter(self, entry: Mapping[str, Any]) -> None:
        """Enter a provider with its keys and its accreditation."""
        name = entry["name"]
        provider = Provider(entry["id"], entry["did"], name["ja"], name["en"], f"https://{entry['domain']}/", ZONE.key)
        start = self.calendar.day("2025-04-01")
        enrol(self.house, provider, since=start)
        if entry["id"] == ROTATED:
            rotate_keys(
                self.issuing.keys, provider, self.calendar.day("2026-07-01"), now=self.calendar.day("2026-06-30")
            )
            register_keys(self.house, provider)
        given = entry["accreditation"]
        last = given["since"] if entry["id"] == EXPIRED else given["review_due"]
        self.accredit(entry, Window(start, self.calendar.day(last) + timedelta(days=1)))
        if entry["id"] == SUSPENDED:
            register.suspend(self.house.registry.store, provider.did, Window(self.calendar.day(given["since"])))

    def accredit(self, entry: Mapping[str, Any], window: Window) -> None:
        """Accredit a provider for what the demonstration needs of it."""
        body = entry["accreditation"]["body"]
        extra = (OLD_STANDARD,) if entry["id"] == OLD_STANDARD_PROVIDER else ()
        accredit(
            self.house,
            own_accreditor(self.house, f"{body['ja']} / {body['en']}", at=window.start),
            self.provider(entry["id"]),
            scopes=[*map(Scope, (*FRAMEWORKS, *extra)), *SCALES],
            window=window,
        )

    def renew(self) -> None:
        """Accredit anew, without a gap, those whose review has passed since; who had lost it stays without."""
        today = Calendar(self.written, self.now.astimezone(ZONE).date())
        for entry in self.content["providers"]:
            end = self.accredited_until(entry["did"])
            if entry["id"] != EXPIRED and end <= self.now:
                self.accredit(entry, Window(end, today.day(entry["accreditation"]["review_due"]) + timedelta(days=1)))

    def accredited_until(self, did: str) -> datetime:
        """Return when the last of a provider's accreditations ends."""
        snapshot = self.house.registry.snapshots.latest()
        given = snapshot.providers[did].accreditations if snapshot else ()
        return max((one.window.end for one in given if one.window.end), default=self.calendar.day("2025-04-01"))

    def define(self, course: Mapping[str, Any]) -> None:
        """Enter the achievement of a course."""
        level = course["level"]
        self.create(
            course["provider"],
            course["id"],
            Definition(
                name=Name(**course["badge"]["name"]),
                description=Text(**course["title"]),
                criteria=Text(**course["assessment"]),
                achievement_type=course["badge"]["achievement_type"],
                alignment=tuple(
                    ItemReference(framework=one["framework"], item=one["code"]) for one in course["alignment"]
                ),
                level=LevelReference(framework=level["framework"], scheme=level["scheme"], value=str(level["value"])),
                valid_months=course["badge"]["valid_months"],
            ),
        )

    def define_others(self) -> None:
        """Enter what the cases need beside the courses."""
        old = Definition(
            name=Name(ja="データ分析(旧標準) 修了", en="Data analysis (older standard): completed"),
            description=Text(ja="DX推進スキル標準の旧い版に対応する講座", en="A course aligned to the older standard"),
            criteria=Text(ja="確認テスト 80点以上", en="Quiz, 80% or more"),
            achievement_type="CertificateOfCompletion",
            alignment=(ItemReference(framework=OLD_STANDARD, item=first_item(OLD_STANDARD)),),
        )
        self.create(OLD_STANDARD_PROVIDER, "old-standard", old)
        self.create("p01", "out-of-scope", old)
        short = old.model_copy(
            update={
                "name": Name(ja="短期講習 修了", en="Short course: completed"),
                "alignment": (ItemReference(framework="dss-p/2.0", item=first_item("dss-p/2.0")),),
                "valid_months": 1,
            }
        )
        self.create("p01", "short", short)

    def create(self, provider: str, achievement_id: str, definition: Definition) -> None:
        """Enter an achievement."""
        create_achievement(
            self.issuing.store,
            self.issuing.addresses,
            self.provider(provider),
            achievement_id=achievement_id,
            definition=definition,
        )

    def provider(self, slug: str) -> Provider:
        """Return a provider."""
        return self.issuing.store.provider(slug)

    # Issuing

    def issued(self, provider: str, achievement: str, *, at: datetime | None = None) -> Issued:
        """Return a bearer badge."""
        request = AwardRequest(secrets.token_urlsafe(32), achievement)
        [result] = issue([request], self.provider(provider), self.issuing, at or self.now)
        if isinstance(result, RefusedError):
            raise result
        return result

    def claimed(self, provider: str, achievement: str) -> Issued:
        """Return a badge that a learner has claimed with a fresh key."""
        who = self.provider(provider)
        offer, expires = NewOffer(secrets.token_urlsafe(32)), expiry(who, self.now, 90)
        [token] = create_offers([offer], achievement, who, self.issuing, now=self.now, expires=expires).tokens
        holder = local_signer(generate(Algorithm.P256), "").public
        result = claim(token, holder, self.issuing, self.now)
        if isinstance(result, RefusedError):
            raise result
        return result

    def built(self, provider: str, achievement: str, *, at: datetime) -> tuple[dict[str, object], Batch]:
        """Return the unsigned badge that another issuer's software would make: without a status entry."""
        batch = Batch(self.provider(provider), self.issuing, at)
        request = AwardRequest(secrets.token_urlsafe(32), achievement)
        earned = batch.achievement(achievement, None)
        credential = batch.build(
            request, earned, f"urn:uuid:{uuid4()}", slot=0, number=1, day=at.astimezone(ZONE).date()
        )
        del credential["credentialStatus"]
        return credential, batch

    def refused(self, provider: str, achievement: str, *, at: datetime) -> str:
        """Return a badge that our issuer refuses, signed with the provider's key by other software.

        Raises:
            RefusalMissingError: Our issuer did not refuse it.
        """
        request = AwardRequest(secrets.token_urlsafe(32), achievement)
        [result] = issue([request], self.provider(provider), self.issuing, at)
        if not isinstance(result, RefusedError) or result.code != "not-accredited":
            raise RefusalMissingError(achievement)
        credential, batch = self.built(provider, achievement, at=at)
        return self.signed(credential, batch)

    def signed(self, credential: dict[str, object], batch: Batch) -> str:
        """Return a credential signed with the provider's key for VC-JWT."""
        record = batch.records[Mechanism.VC_JWT]
        return sign(credential, self.issuing.keys.signer(record), Mechanism.VC_JWT)

    # The cases

    def good(self) -> Iterator[Case]:
        """Badges that verify, in every form."""
        badge = self.issued("p05", "c014")
        text, document = badge.texts[Mechanism.VC_JWT], badge.texts[Mechanism.DATA_INTEGRITY]
        svg = draw_svg("Pythonによるデータ分析 修了", self.provider("p05").name_ja)
        link = badge_link(text, self.house.public_url)
        forms = {
            "good.jwt": text.encode(),
            "good.json": document.encode(),
            "good.svg": bake(svg.encode(), document),
            "good.png": bake(draw_seal(), document),
            "good-qr.png": draw_png(link, module_pixels=4),
            "good-link.txt": link.encode(),
        }
        for file, data in forms.items():
            yield accredited("good", file, data)
        elses = self.claimed("p05", "c029").texts[Mechanism.VC_JWT].encode()
        yield replace(accredited("someone_elses", "someone-elses.jwt", elses), code="holder-not-checked")
        old_key = self.issued(ROTATED, "c011", at=self.calendar.day("2026-06-15"))
        yield accredited("old_key", "old-key.json", old_key.texts[Mechanism.DATA_INTEGRITY].encode())
        old_standard = self.issued(OLD_STANDARD_PROVIDER, "old-standard").texts[Mechanism.VC_JWT]
        old = accredited("old_framework", "old-framework.jwt", old_standard.encode())
        yield replace(old, code="older-framework")

    def bad(self) -> Iterator[Case]:
        """Badges of ours that must not verify."""
        document = self.issued("p05", "c031").texts[Mechanism.DATA_INTEGRITY]
        tampered = document.replace("demo-itss/3", "demo-itss/4").replace("レベル3", "レベル4")
        yield rejected("tampered_level", "tampered-level.json", tampered.encode(), "bad-signature")
        yield rejected("image_only", "image-only.png", draw_seal(), "no-credential")
        ended = self.issued("p01", "c006")
        revoke(ended.id, Reason.ISSUED_IN_ERROR, self.provider("p01"), self.issuing, now=self.now)
        yield rejected("revoked", "revoked.jwt", ended.texts[Mechanism.VC_JWT].encode(), "revoked")
        expired = self.issued("p01", "short", at=self.now - timedelta(days=120))
        yield rejected("expired", "expired.json", expired.texts[Mechanism.DATA_INTEGRITY].encode(), "expired")
        credential, _ = self.built("p01", "c001", at=self.now)
        stranger = local_signer(generate(Algorithm.P256), f"{self.provider('p01').did}#k9")
        foreign = sign(credential, stranger, Mechanism.VC_JWT)
        yield rejected("other_issuer_key", "other-issuer-key.jwt", foreign.encode(), "key-not-listed")

    def foreign(self) -> Iterator[Case]:
        """Badges that are intact, and that nobody vouches for; and one that cannot be judged."""
        name = self.provider(ROTATED).name_ja
        lookalike = self.by_stranger("c011", name.replace("ド", "卜゛"), provider=ROTATED)
        yield Case("lookalike_name", "lookalike-name.jwt", lookalike, 4, "verified", "unknown", "not-in-register")
        own = self.by_stranger("c029", "自分", provider="p05")
        yield Case("self_issued", "self-issued.jwt", own, 4, "verified", "unknown", "not-in-register")
        suspended = self.refused(SUSPENDED, "c010", at=self.calendar.day("2026-09-15"))
        yield registered("issued_while_suspended", "issued-while-suspended.jwt", suspended, "suspended")
        outside = self.refused("p01", "out-of-scope", at=self.now)
        yield registered("out_of_scope", "out-of-scope.jwt", outside, "out-of-scope")
        credential, batch = self.built("p01", "c001", at=self.now)
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": "https://status.unreachable.example/list/1",
        }
        unreachable = self.signed({**credential, "credentialStatus": entry}, batch).encode()
        yield Case(
            "status_unreachable",
            "status-unreachable.jwt",
            unreachable,
            3,
            "inconclusive",
            "accredited",
            "list-unreachable",
        )

    def by_stranger(self, achievement: str, name: str, *, provider: str) -> bytes:
        """Return a copy of an achievement's badge under a name of the signer's choice, signed with any key."""
        credential, _ = self.built(provider, achievement, at=self.now)
        signer = did_key_signer(generate(Algorithm.P256))
        issuer = {"id": signer.key_id.partition("#")[0], "type": ["Profile"], "name": name}
        return sign({**credential, "issuer": issuer}, signer, Mechanism.VC_JWT).encode()

    def catalogue(self) -> Iterator[Case]:
        """A badge of every course whose provider is accredited today."""
        for course in self.content["courses"]:
            if course["provider"] not in {SUSPENDED, EXPIRED}:
                badge = self.issued(course["provider"], course["id"])
                yield accredited("course", f"{course['id']}.jwt", badge.texts[Mechanism.VC_JWT].encode())

    def write_pages(self) -> None:
        """Write the documents that the badges refer to, and the snapshot, for a verifier without a network."""
        pages: dict[str, str] = {}
        for entry in self.content["providers"]:
            provider = self.provider(entry["id"])
            addresses = {
                f"did-{provider.slug}.json": (web_url(provider.did), f"/providers/{provider.slug}/did.json"),
                f"status-{provider.slug}.json": (
                    self.issuing.addresses.status_list(provider.slug, 1),
                    f"/providers/{provider.slug}/status/revocation/1",
                ),
            }
            for file, (url, path) in addresses.items():
                document = self.house.issuer.documents.read(path, "application/vc+ld+json")
                if document is not None:
                    (self.folder / file).write_bytes(document.body)
                    pages[url] = file
        (self.folder / PAGES).write_bytes(orjson.dumps(pages, option=orjson.OPT_INDENT_2))
        (self.folder / REGISTRY).write_text(self.house.registry.snapshots.text() or "")


def accredited(name: str, file: str, data: bytes) -> Case:
    """Return a case that is good in every way."""
    return Case(name, file, data, 0, "verified", "accredited", "accredited")


def rejected(name: str, file: str, data: bytes, code: str) -> Case:
    """Return a case that does not verify."""
    return Case(name, file, data, 1, "not-verified", "", code)


def registered(name: str, file: str, text: str, code: str) -> Case:
    """Return a case that is intact, of a registered provider, and not vouched for."""
    return Case(name, file, text.encode(), 4, "verified", "registered", code)


def first_item(key: str) -> str:
    """Return the id of a framework's first item."""
    return framework(key).items[0].id
