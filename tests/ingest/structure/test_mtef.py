"""Formulas are put together here from the records of MTEF 3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.mtef import formula_of, mtef_text

HEAD = bytes.fromhex("030101030a")
END, NULL = b"\x00", b"\x11"


def char(letter: str, *, bar: bool = False) -> bytes:
    mark = b"\x06\x11\x00\x00" if bar else b""
    return (b"\x32" if bar else b"\x12") + b"\x83" + ord(letter).to_bytes(2, "little") + mark


def chars(text: str) -> bytes:
    return b"".join(char(letter) for letter in text)


def line(*parts: bytes) -> bytes:
    return b"\x01" + b"".join(parts) + END


def template(selector: int, variation: int, *parts: bytes) -> bytes:
    return bytes([3, selector, variation, 0]) + b"".join(parts) + END


def sub(text: str) -> bytes:
    return template(15, 1, b"\x0b" + line(chars(text)), NULL) + b"\x0a"


def read(*parts: bytes) -> str | None:
    return mtef_text(HEAD + b"\x0a" + line(*parts) + END)


def test_marks_scripts_and_fractions() -> None:
    mean = template(14, 0, line(chars("a+b")), line(chars("2")))
    assert read(char("x", bar=True), sub("T"), chars("="), mean) == "x̄T=(a+b)/2"
    assert read(chars("10"), template(15, 0, NULL, b"\x0b" + line(chars("9")))) == "10⁹"


def test_sums_roots_and_fences() -> None:
    total = template(29, 2, line(chars("xi")), line(chars("i=1")), line(chars("n")), char("∑"))
    root = template(13, 0, line(chars("n-1")), NULL)
    fence = template(1, 0, line(chars("y")), char("("), char(")"))
    assert read(total, chars("/"), root, fence) == "∑[i=1→n]xi/√(n-1)(y)"


def test_a_fraction_on_one_line_stays_as_drawn() -> None:
    ratio = template(41, 0, line(chars("s")), line(char("x", bar=True), chars("×100%")))
    assert read(chars("CV="), ratio) == "CV=s/x̄×100%"


def test_rows_sizes_fonts_and_nudges_do_not_disturb() -> None:
    pile = b"\x04\x01\x01" + line(chars("a")) + line(chars("b")) + END
    font = b"\x08\x01\x00Times\x00"
    size = b"\x09\x65\x0c\x00"
    nudged = b"\x92\x81\x82\x83" + b"c\x00"
    assert read(font, size, nudged, pile) == "ca; b"


@pytest.mark.parametrize(
    "data",
    [b"", b"\x05" + bytes(20), HEAD + b"\x0a\x01\x12", HEAD + b"\x0f\x0f", HEAD + b"\x01" * 200],
)
def test_other_versions_and_damaged_formulas_are_none(data: bytes) -> None:
    assert mtef_text(data) is None


@given(st.binary(max_size=80))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    found = mtef_text(HEAD + data)
    assert found is None or isinstance(found, str)
    assert formula_of(data) is None
