"""The table of look-alikes: every example does what it says, and what is right stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ocr import confusions
from ingest.ocr.base import Character, TextLine
from ingest.ocr.confusions import SURE, check

TABLE = tomllib.loads(
    (Path(confusions.__file__).parent / "confusions.toml").read_text(encoding="utf-8")
)


def line(text: str, confidence: float = 0.99) -> TextLine:
    step = 1 / max(len(text), 1)
    characters = (Character(c, n * step, (n + 1) * step, confidence) for n, c in enumerate(text))
    return TextLine(((0, 0), (100, 0), (100, 10), (0, 10)), tuple(characters))


@pytest.mark.parametrize("entry", TABLE["repair"], ids=lambda entry: entry["example"][0])
def test_repairs(entry: dict[str, list[str]]) -> None:
    before, after = entry["example"]
    found = check(line(before))
    assert found.line.text == after
    assert found.repaired
    changed = "".join(found.line.characters[n].text for n in sorted(found.repaired))
    assert changed in after


@pytest.mark.parametrize("entry", TABLE["doubt"], ids=lambda entry: entry["example"])
def test_doubts(entry: dict[str, str]) -> None:
    sure = 0.99 if not entry.get("unless_sure") else SURE - 0.1
    found = check(line(entry["example"], sure))
    assert found.line.text == entry["example"]
    assert found.doubtful


@pytest.mark.parametrize(
    "text",
    [
        "Ⅱ期临床试验", "III期", "IV期", "工期延误的责任", "三周后复诊，每日三次", "第三十八条",
        "2024年11月3日", "维生素B12 100 μg", "CYP2D6抑制剂", "IL-6和TNF-α", "SpO2≥95%",
        "AZD1222", "S1期，每日2次", "5 L/min", "NCT03057977", "I131治疗", "T1DM与T2DM", "HbA1c",
        "1.5L生理盐水", "土豆2个", "第2版", "O型血", "10l型", "1A类", "P<0.05", "2O", "G20 mg",
        "VO2max", "H2O2 3%", "C6H12O6", "ICD-10 I10", "80IU/mL", "lI", "Sl",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(text: str) -> None:
    found = check(line(text))
    assert found.line.text == text
    assert not found.repaired


def test_digits_and_signs_read_with_little_confidence_are_doubtful() -> None:
    characters = list(line("剂量≥12.5 mg").characters)
    for n in (2, 4):
        old = characters[n]
        characters[n] = Character(old.text, old.x0, old.x1, 0.6)
    found = check(TextLine(line("").quad, tuple(characters)))
    assert found.doubtful == {2, 4}
    assert not found.repaired


@given(st.text(alphabet="0123456789lIoOSB.土≥三期mg%岁 ", max_size=20))
def test_places_stay_in_order_whatever_is_repaired(text: str) -> None:
    found = check(line(text))
    places = [c.x0 for c in found.line.characters]
    assert places == sorted(places)
    assert all(0 <= n < len(found.line.characters) for n in found.repaired | found.doubtful)
    again = check(found.line)
    assert again.line.text == check(again.line).line.text
