"""PDF files: what other people's software writes, and what attackers would."""

import io
import logging
import resource
import struct
import sys
import threading
import zlib
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from badges.errors import BadgeError
from badges.formats import pdf, pdf_reader

EXAMPLE = Path(__file__).parents[2] / "docs/example"
BADGE = (EXAMPLE / "badge.jwt").read_text().strip()
CATALOG = b"<</Type /Catalog /Pages 3 0 R>>"
DOCUMENT = (EXAMPLE / "badge.json").read_text()


def written(*files: tuple[str, bytes], writer: PdfWriter | None = None) -> bytes:
    """Return a PDF by pypdf with these files inside."""
    writer = writer or PdfWriter()
    writer.add_blank_page(595, 842)
    for name, content in files:
        writer.add_attachment(name, content)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def by_hand(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a PDF with these objects, numbered from one."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(out))
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def with_file(file: bytes, catalog: bytes = b"", spec: bytes = b"/EF <</F 4 0 R>>") -> bytes:
    """Return a PDF with one embedded file, written by hand."""
    return by_hand(
        b"<</Type /Catalog /Pages 2 0 R /AF [3 0 R] %s>>" % catalog,
        b"<</Type /Pages /Kids [] /Count 0>>",
        b"<</Type /Filespec /F (badge.jwt) %s>>" % spec,
        file,
    )


def with_packed_root(objects: bytes) -> bytes:
    """Return a PDF whose root stands in an object stream, found through a cross-reference stream."""
    head = b"%PDF-1.7\n"
    packed = stream(zlib.compress(objects, 9), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    head += b"2 0 obj\n%s\nendobj\n" % packed
    pages = len(head)
    head += b"3 0 obj\n<</Type /Pages /Kids [] /Count 0>>\nendobj\n"
    rows = [(0, 0, 0), (2, 2, 0), (1, len(b"%PDF-1.7\n"), 0), (1, pages, 0), (1, len(head), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    references = stream(table, b"/Type /XRef /Size 5 /W [1 4 2] /Root 1 0 R")
    return head + b"4 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (references, len(head))


def protected() -> bytes:
    """Return an encrypted PDF that opens without a password."""
    writer = PdfWriter()
    writer.add_attachment("badge.jwt", BADGE.encode())
    writer.encrypt("", algorithm="AES-128")
    return written(writer=writer)


def growing_file() -> bytes:
    """Return a PDF whose file is 300 megabytes, in 300 kilobytes."""
    return with_file(stream(zlib.compress(b"{" + b" " * 300_000_000, 9), b"/Filter /FlateDecode"))


def growing_objects() -> bytes:
    """Return a PDF whose root stands among 300 megabytes of white space."""
    return with_packed_root(b"1 0 " + CATALOG + b" " * 300_000_000)


def refused(document: bytes, *, here_too: bool = True) -> str:
    """Return the code with which a document is refused; `here_too`: by the reader in this process as well."""
    with pytest.raises(BadgeError) as error:
        pdf.extract(document)
    assert not here_too or pdf_reader.answer(document) == {"code": error.value.code}
    return error.value.code


def extracted(document: bytes) -> str:
    """Return the badge in a document, which the reader finds in this process as well."""
    text = pdf.extract(document)
    assert pdf_reader.answer(document) == {"text": text}
    return text


@pytest.mark.parametrize("text", [BADGE, DOCUMENT], ids=["jwt", "json"])
def test_the_badge_of_another_programs_file_comes_out_to_the_byte(text: str) -> None:
    assert extracted(written(("badge", text.encode()))) == text


def test_a_badge_among_other_files_is_found() -> None:
    document = written(("photo.png", b"\x89PNG\r\n"), ("badge.jwt", BADGE.encode()), ("letter.txt", b"Dear Ms Sato,"))

    assert extracted(document) == BADGE


def test_a_file_without_a_badge_says_so() -> None:
    assert refused(written()) == "no-credential"
    assert refused(written(("letter.txt", b"Dear Ms Sato,"))) == "no-credential"


def test_of_two_badges_neither_is_chosen() -> None:
    assert refused(written(("a.jwt", BADGE.encode()), ("b.json", DOCUMENT.encode()))) == "several-credentials"


def test_a_protected_file_is_refused() -> None:
    assert refused(protected()) == "encrypted-pdf"


def test_a_file_cut_short_is_refused() -> None:
    whole = written(("badge.jwt", BADGE.encode()))

    for length in (5, 100, len(whole) // 2, len(whole) - 40):
        assert refused(whole[:length]) == "bad-pdf"
    assert refused(whole[:50] + b"%%EOF\n") == "bad-pdf"


def test_a_file_that_runs_programs_is_refused() -> None:
    writer = PdfWriter()
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    assert refused(written(("badge.jwt", BADGE.encode()), writer=writer)) == "active-pdf"

    writer = PdfWriter()
    launch = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(launch)
    assert refused(written(("badge.jwt", BADGE.encode()), writer=writer)) == "active-pdf"


def test_a_file_whose_content_lies_elsewhere_is_refused() -> None:
    badge = stream(BADGE.encode())

    assert extracted(with_file(badge)) == BADGE
    assert refused(with_file(badge, spec=b"/FS /URL /EF <</F 4 0 R>>")) == "active-pdf"
    assert refused(with_file(badge, spec=b"")) == "active-pdf"
    assert refused(with_file(stream(b"", b"/F (//server/badge.jwt)"), b"/Also 4 0 R")) == "active-pdf"


def test_a_stream_that_grows_without_end_is_given_up() -> None:
    assert refused(growing_file()) == "too-large"
    assert refused(with_packed_root(b"1 0 " + CATALOG + b" " * 100)) == "no-credential"
    # Here it would take its 300 megabytes.
    assert refused(growing_objects(), here_too=False) == "bad-pdf"


def test_a_stream_packed_in_another_way_is_refused() -> None:
    twice = stream(zlib.compress(zlib.compress(BADGE.encode())), b"/Filter [/FlateDecode /FlateDecode]")

    assert extracted(with_file(stream(zlib.compress(BADGE.encode()), b"/Filter [/FlateDecode]"))) == BADGE
    assert refused(with_file(twice)) == "bad-pdf"


def test_a_text_in_another_encoding_is_refused() -> None:
    assert refused(with_file(stream('{"name": "証書"}'.encode("shift_jis")))) == "not-utf-8"


def test_what_nothing_points_to_is_not_read() -> None:
    document = by_hand(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [] /Count 0>>",
        b"<</Type /Filespec /F (badge.jwt) /EF <</F 4 0 R>>>>",
        stream(BADGE.encode()),
    )

    assert refused(document) == "no-credential"


def test_a_circle_of_objects_comes_to_an_end() -> None:
    document = by_hand(b"<</Type /Catalog /Pages 2 0 R /Again 1 0 R>>", b"<</Kids [1 0 R 2 0 R] /Parent 2 0 R>>")

    assert refused(document) == "no-credential"


def test_larger_than_any_certificate_is_not_even_read() -> None:
    assert refused(b"%PDF-1.7\n" + bytes(pdf.MAX_BYTES), here_too=False) == "too-large"


def test_another_file_is_no_pdf() -> None:
    assert not pdf.is_pdf(BADGE.encode())
    assert refused(BADGE.encode()) == "bad-pdf"


def test_more_files_and_longer_texts_than_any_certificate_has_are_refused() -> None:
    many = [(f"{number}.txt", b"Dear Ms Sato,") for number in range(pdf_reader.MAX_FILES + 1)]

    assert refused(written(*many)) == "too-large"
    assert refused(with_file(stream(b"{" + b" " * pdf_reader.MAX_CREDENTIAL))) == "too-large"


def test_more_objects_or_values_than_any_certificate_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = written(("badge.jwt", BADGE.encode()))

    monkeypatch.setattr(pdf_reader, "MAX_OBJECTS", 3)
    assert pdf_reader.answer(document) == {"code": "too-large"}
    monkeypatch.undo()
    monkeypatch.setattr(pdf_reader, "MAX_VALUES", 9)
    assert pdf_reader.answer(document) == {"code": "too-large"}


def test_a_document_without_pages_is_refused() -> None:
    assert refused(by_hand(b"<</Type /Catalog>>")) == "bad-pdf"


def test_the_reader_limits_itself_before_it_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    done: list[str] = []
    document = BytesIO(written(("badge.jwt", BADGE.encode())))
    monkeypatch.setattr(resource, "setrlimit", lambda what, most: done.append(f"{what}: {most}"))
    monkeypatch.setattr(logging, "disable", lambda: None)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=document))
    document.read = lambda size: done.append("read") or io.BytesIO.read(document, size)

    assert pdf_reader.main() == 0

    memory, seconds = pdf_reader.MAX_MEMORY_BYTES, pdf_reader.MAX_CPU_SECONDS
    assert done[:2] == [f"{resource.RLIMIT_AS}: {(memory, memory)}", f"{resource.RLIMIT_CPU}: {(seconds, seconds)}"]
    assert done.index("read") == len(done) - 1 == 4
    assert BADGE in capsys.readouterr().out


def test_a_reader_that_takes_too_long_or_dies_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = written(("badge.jwt", BADGE.encode()))
    reader = tmp_path / "reader.py"
    monkeypatch.setattr(pdf, "READER", reader)

    reader.write_text("raise SystemExit(1)")
    assert refused(document, here_too=False) == "bad-pdf"
    reader.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.5)
    assert refused(document, here_too=False) == "bad-pdf"


def test_while_every_reader_is_at_work_a_document_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "READERS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pdf, "MAX_WAIT_SECONDS", 0.01)
    document = written(("badge.jwt", BADGE.encode()))

    with pdf.READERS, pytest.raises(pdf.ReadersBusyError):
        pdf.extract(document)

    assert extracted(document) == BADGE
