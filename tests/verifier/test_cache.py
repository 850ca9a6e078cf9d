"""The memory of the web: short, bounded, and one question at a time."""

import threading
import time

import pytest

import verifier.cache
from tests.fakes.web import FakeWeb
from verifier.cache import CachedWeb
from verifier.web import UnreachableError

URL = "https://issuer.example/did.json"


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_document_is_asked_for_once_in_five_minutes() -> None:
    clock, web = Clock(), FakeWeb({URL: b"{}"})
    cached = CachedWeb(web, clock)

    for clock.seconds in (0.0, 299.0, 300.0):
        assert cached.get(URL, accept="*/*") == b"{}"

    assert web.asked == [URL, URL]


def test_a_failure_is_remembered_for_half_a_minute_only() -> None:
    clock, web = Clock(), FakeWeb()
    cached = CachedWeb(web, clock)

    for clock.seconds in (0.0, 29.0, 30.0):
        with pytest.raises(UnreachableError) as caught:
            cached.get(URL, accept="*/*")
        assert caught.value.code == "no-answer"

    assert web.asked == [URL, URL]


def test_another_representation_is_another_document() -> None:
    web = FakeWeb({URL: b"{}"})
    cached = CachedWeb(web)

    cached.get(URL, accept="application/json")
    cached.get(URL, accept="application/vc+jwt")

    assert web.asked == [URL, URL]


def test_the_oldest_documents_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier.cache, "MAX_CACHED_BYTES", 3 * 1_024)
    web = FakeWeb({f"{URL}{number}": b"x" * 100 for number in range(4)})
    cached = CachedWeb(web)

    for number in (0, 1, 2, 3, 3, 0):
        cached.get(f"{URL}{number}", accept="*/*")

    assert web.asked == [f"{URL}{number}" for number in (0, 1, 2, 3, 0)]
    assert cached.pages.cost == sum(cost for _, cost in cached.pages.kept.values()) <= 3 * 1_024


def test_many_who_wait_for_one_document_make_one_request() -> None:
    class SlowWeb(FakeWeb):
        def get(self, url: str, *, accept: str) -> bytes:
            time.sleep(0.05)
            return super().get(url, accept=accept)

    web = SlowWeb({URL: b"{}"})
    cached = CachedWeb(web)
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(cached.get(URL, accept="*/*"))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [b"{}"] * 8
    assert web.asked == [URL]
