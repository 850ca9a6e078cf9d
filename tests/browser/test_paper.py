"""Certificates as people get them: made in a browser, printed, scanned, dropped, and read by other programs."""

import io
import re
import shutil
import subprocess
import zlib
from hashlib import shake_128
from typing import Any
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from pypdf import PdfReader

from badges.errors import BadgeError
from badges.formats import pdf
from tests.badges import test_formats_pdf as written
from tests.browser.conftest import EXAMPLE, Visit
from tests.browser.driving import READERS, drop, saved
from tests.needs import missing
from verifier.intake import receive
from verifier.web import MapWeb

pytestmark = pytest.mark.browser

BADGE = (EXAMPLE / "badge.jwt").read_text().strip()
NAME = (
    "企業の持続的な成長を支えるデータ利活用とデジタル変革を推進するための実践的な人材育成プログラム（上級編）"
    "における課題解決型演習およびチーム成果発表会の修了認定"
)
PROVIDER = (
    "独立行政法人国立高等専門学校機構および一般社団法人日本デジタル人材育成推進協議会による"
    "共同運営プログラム実施委員会事務局"
)
HOLDER = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処藪ら柑"
EXAMPLE_PDF = (EXAMPLE / "badge.pdf").read_bytes()
MILLIMETRES_PER_INCH = 25.4
SCAN_DPI = 150

MAKE = """async ([text, changes, holderName, language]) => {
  const paper = await import("/static/app/paper.js");
  const answer = await fetch("/v1/verify", {
    method: "POST",
    body: text,
    headers: { "Content-Type": "text/plain", "Accept-Language": language },
  });
  const { credential } = await answer.json();
  if (changes.name) credential.achievement.name = changes.name;
  if (changes.provider) credential.issuer.registered.name = changes.provider;
  const [font, texts, link] = await Promise.all([
    paper.loadFont(), paper.loadPaperTexts(language), paper.badgeLink(text, changes.verifier ?? location.origin),
  ]);
  const made = await paper.certificatePdf({ credential, text, link, holderName, language, font, texts });
  return { ...made, bytes: Array.from(made.bytes) };
}"""
KEPT = """async (name) => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const { name: database } of await indexedDB.databases()) {
    const opening = indexedDB.open(database);
    const opened = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
    for (const store of opened.objectStoreNames) {
      const asked = opened.transaction(store).objectStore(store).getAll();
      kept.push(JSON.stringify(await new Promise((done) => (asked.onsuccess = () => done(asked.result)))));
    }
    opened.close();
  }
  if (!kept.some((one) => one.includes("urn:uuid"))) throw new Error("the badge itself should be kept");
  return kept.some((one) => one.includes(name));
}"""
READ = """async (bytes) => {
  const { extract } = await import("/static/app/paper.js");
  try {
    return { text: await extract(Uint8Array.from(bytes)) };
  } catch (error) {
    return { code: error.code };
  }
}"""


@pytest.fixture
def page(visit: Visit, address: str) -> Any:
    return visit(f"{address}/", size="desk")


def make(page: Any, *, language: str = "ja", holder: str = "", text: str = BADGE, **changes: str) -> dict[str, Any]:
    """Make a certificate in the page."""
    made = page.evaluate(MAKE, [text, changes, holder, language])
    return {**made, "bytes": bytes(made["bytes"])}


def run(program: str, document: bytes, *arguments: str) -> bytes:
    """Give a document to one of poppler's programs."""
    if shutil.which(program) is None:
        missing("poppler-utils (make test installs it)")
    return subprocess.run([program, *arguments], input=document, capture_output=True, check=True).stdout


def text_of(document: bytes) -> str:
    """Return what a search in a document finds, line breaks apart."""
    return "".join(run("pdftotext", document, "-raw", "-", "-").decode().split())


def scan(document: bytes, *, degrees: float = 0.0, blur: float = 0.0, dpi: int = SCAN_DPI) -> Image.Image:
    """Return a printed page on an office scanner: a little askew, a little soft, on paper that is not quite white."""
    sheet = Image.open(io.BytesIO(run("pdftoppm", document, "-r", str(4 * dpi), "-gray", "-singlefile", "-")))
    turned = sheet.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    seen = turned.resize((turned.width // 4, turned.height // 4), Image.Resampling.BOX)
    dust = Image.frombytes("L", seen.size, shake_128(b"dust").digest(seen.width * seen.height))
    faded = seen.filter(ImageFilter.GaussianBlur(blur)).point(lambda shade: 30 + shade * 200 // 255)
    return Image.blend(faded, dust, 0.08)


@pytest.mark.parametrize(("language", "holder"), [("ja", "山田 花子"), ("en", "Hanako Yamada"), ("ja", "")])
def test_a_certificate_says_what_was_achieved_and_where_to_check_it(page, address: str, language, holder) -> None:
    made = make(page, language=language, holder=holder)

    said = text_of(made["bytes"])
    assert "データ分析の基礎修了" in said
    assert "".join(holder.split()) in said
    assert {"ja": "ITSSV3レベル2", "en": "ITSSV3level2"}[language] in said
    assert f"{address}/" in said
    assert "型番" in said or "QRversion" in said
    assert made["lacking"] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_longest_names_are_whole_on_one_page(page, language: str) -> None:
    made = make(page, language=language, holder=HOLDER, name=NAME, provider=PROVIDER)

    said = text_of(made["bytes"])
    assert all(name in said for name in (NAME, PROVIDER, HOLDER))
    assert b"Pages:           1\n" in run("pdfinfo", made["bytes"], "-")


def test_no_line_lies_on_another(page) -> None:
    made = make(page, holder=HOLDER, name=NAME, provider=PROVIDER)

    boxes = lines_of(made["bytes"])
    assert len(boxes) > 15
    for index, (left, top, right, bottom) in enumerate(boxes):
        assert 30 < left < right < 565
        assert 30 < top < bottom < 812
        for other in boxes[index + 1 :]:
            assert other[0] >= right or other[2] <= left or other[1] >= bottom - 3 or other[3] <= top + 3


def lines_of(document: bytes) -> list[tuple[float, ...]]:
    """Return the box of each line of text, in points."""
    found = run("pdftotext", document, "-bbox-layout", "-", "-").decode()
    return [
        tuple(float(number) for number in line)
        for line in re.findall(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', found)
    ]


@pytest.mark.parametrize("degrees", [0.0, 1.3, -2.0])
@pytest.mark.parametrize("name", ["badge.jwt", "badge.json"])
def test_an_office_scan_of_the_paper_still_holds_the_badge(page, address: str, name: str, degrees: float) -> None:
    text = (EXAMPLE / name).read_text().strip()
    made = make(page, text=text, holder="山田 花子")

    read = zxingcpp.read_barcodes(scan(made["bytes"], degrees=degrees, blur=0.5), formats=zxingcpp.BarcodeFormat.QRCode)

    assert [one.text for one in read] == [page.evaluate(LINK, text)]
    assert receive(read[0].text.encode(), MapWeb({})) == text


LINK = "async text => (await import('/static/app/paper.js')).badgeLink(text, location.origin)"


def test_the_printed_code_is_as_large_as_it_says(page) -> None:
    made = make(page)
    printed = made["qr"]
    dpi = 600

    sheet = Image.open(io.BytesIO(run("pdftoppm", made["bytes"], "-r", str(dpi), "-gray", "-singlefile", "-")))
    (found,) = zxingcpp.read_barcodes(sheet, formats=zxingcpp.BarcodeFormat.QRCode)

    corners = found.position
    side = (corners.top_right.x - corners.top_left.x) / dpi * MILLIMETRES_PER_INCH
    assert printed["moduleMillimetres"] >= 0.45
    assert printed["modules"] == 17 + 4 * printed["version"]
    assert side == pytest.approx(printed["sizeMillimetres"], abs=1)
    quiet = round(3.9 * printed["moduleMillimetres"] / MILLIMETRES_PER_INCH * dpi)
    left, top, right, bottom = corners.top_left.x, corners.top_left.y, corners.bottom_right.x, corners.bottom_right.y
    for box in (
        (left - quiet, top - quiet, right + quiet, top - 3),
        (left - quiet, bottom + 4, right + quiet, bottom + quiet),
        (left - quiet, top, left - 3, bottom),
        (right + 4, top, right + quiet, bottom),
    ):
        assert sheet.crop(box).getextrema() == (255, 255)


@pytest.mark.parametrize("name", ["badge.jwt", "badge.json"])
def test_the_file_holds_the_badge_for_every_reader(page, name: str) -> None:
    text = (EXAMPLE / name).read_text().strip()
    document = make(page, text=text)["bytes"]

    (file,) = PdfReader(io.BytesIO(document)).attachment_list
    assert (file.name, file.content.decode()) == (name, text)
    assert file.pdf_object["/AFRelationship"] == "/Data"
    assert receive(document, MapWeb({})) == text
    assert page.evaluate(READ, list(document)) == {"text": text}


def test_a_dropped_certificate_is_verified(page) -> None:
    document = make(page, holder="山田 花子")["bytes"]

    assert "有効なバッジです" in drop(page, document, "certificate.pdf")


def test_the_file_tells_its_title_and_language_and_nobodys_name(page) -> None:
    document = make(page, holder="山田 花子")["bytes"]

    reader = PdfReader(io.BytesIO(document))
    assert dict(reader.metadata) == {"/Title": "データ分析の基礎 修了", "/Creator": "Akashi", "/Producer": "Akashi"}
    assert reader.root_object["/Lang"] == "ja"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "山田花子" in text_of(document)


def test_every_letter_is_embedded(page) -> None:
    fonts = run("pdffonts", make(page, holder="山田 花子")["bytes"], "-").decode().splitlines()[2:]

    assert len(fonts) == 1
    assert fonts[0].split()[-5:-2] == ["yes", "yes", "yes"]


@pytest.mark.parametrize(("language", "size"), READERS)
def test_the_name_that_a_learner_types_is_on_the_paper_and_goes_nowhere(
    visit: Visit, address: str, language: str, size: str
) -> None:
    page = visit(f"{address}/badges", language=language, size=size)
    page.set_input_files("#file", {"name": "badge.pdf", "mimeType": "application/pdf", "buffer": EXAMPLE_PDF})
    page.locator(".my-badge > details").last.locator("summary").click()
    sent: list[str] = []
    page.on("request", lambda one: sent.append(f"{one.method} {one.url} {one.post_data or ''}"))

    page.fill("input[id^=holder-name]", "𠮷田 花子")
    document = saved(page, "div:has(> input[id^=holder-name]) button")

    page.locator("[role=status]").get_by_text("𠮷").wait_for()
    assert "〓田花子" in text_of(document)
    assert receive(document, MapWeb({})) == BADGE
    assert sent
    assert all(one.startswith("GET ") and "花子" not in unquote(one) for one in sent)
    assert not page.evaluate(KEPT, "花子")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


FALSE_END = written.stream(zlib.compress(b"{ endstream" + b" " * 100, 0), b"/Filter /FlateDecode")
ATTACKS = {
    "two badges": written.written(("a.jwt", BADGE.encode()), ("b.jwt", BADGE.encode())),
    "none": written.written(("a.txt", b"hello")),
    "another program's": written.written(("badge.jwt", BADGE.encode())),
    "cut short": written.written(("badge.jwt", BADGE.encode()))[:-40],
    "a script": written.with_file(written.stream(BADGE.encode()), b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"),
    "a script by another name": written.with_file(
        written.stream(BADGE.encode()), b"/OpenAction <</S /Java#53cript /J#53 (app.alert(1))>>"
    ),
    "a program": written.with_file(written.stream(BADGE.encode()), b"/OpenAction <</S /Launch /F (cmd.exe)>>"),
    "elsewhere": written.with_file(written.stream(BADGE.encode()), spec=b"/FS /URL /EF <</F 4 0 R>>"),
    "external": written.with_file(written.stream(BADGE.encode()), spec=b""),
    "packed": written.with_packed_root(b"1 0 " + written.CATALOG + b" " * 100),
    "protected": written.protected(),
    "not UTF-8": written.with_file(written.stream('{"name": "証書"}'.encode("shift_jis"))),
    "a growing file": written.growing_file(),
    "growing objects": written.growing_objects(),
    "a false end": written.with_file(
        written.stream(zlib.compress(b"endstream" + BADGE.encode(), 0), b"/Filter /FlateDecode")
    ),
    "a line break after the file": written.with_file(
        written.stream(zlib.compress(BADGE.encode()) + b"\r\n", b"/Filter /FlateDecode")
    ),
}
STRICTER = {"a script by another name": "bad-pdf", "growing objects": "too-large", "a false end": "bad-pdf"}
"""What a page refuses before its reader sees it, under the code of that."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_reads_and_refuses_what_the_server_does(page, attack: str) -> None:
    document = ATTACKS[attack]
    try:
        expected = {"text": pdf.extract(document)}
    except BadgeError as error:
        expected = {"code": error.code}
    if attack in STRICTER:
        expected = {"code": STRICTER[attack]}

    assert page.evaluate(READ, list(document)) == expected
