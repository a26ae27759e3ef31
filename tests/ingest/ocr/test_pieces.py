"""Recognised lines cut into cells."""

from __future__ import annotations

from ingest.layout.shapes import Rule
from ingest.ocr.base import Character, TextLine
from ingest.ocr.frames import Turn
from ingest.ocr.pieces import Piece, complete_leaders, pieces

STRAIGHT = Turn(0.0, (500.0, 400.0))


def line(text: str, gaps: dict[int, float] | None = None) -> TextLine:
    """A line with 20 pixels for each character, and ``gaps`` in pixels before some of them."""
    at, places = 0.0, []
    for n, _ in enumerate(text):
        at += (gaps or {}).get(n, 0.0)
        places.append(at)
        at += 20.0
    characters = tuple(
        Character(c, x / at, (x + 20) / at, 0.99) for c, x in zip(text, places, strict=True)
    )
    return TextLine(((100, 100), (100 + at, 100), (100 + at, 124), (100, 124)), characters)


def cut(text: TextLine, rules: list[Rule] | None = None) -> list[Piece]:
    return pieces(text, STRAIGHT, 0.5, rules or [])


def test_a_line_without_gaps_stays_whole() -> None:
    (piece,) = cut(line("受试者年龄不小于十八岁"))
    assert piece.text == "受试者年龄不小于十八岁"
    assert piece.box == piece.shown == (50.0, 50.0, 160.0, 62.0)
    assert piece.flags == frozenset()


def test_a_wide_gap_parts_cells() -> None:
    first, second = cut(line("试验组安慰剂", {3: 60.0}))
    assert (first.text, second.text) == ("试验组", "安慰剂")
    assert first.box[2] < second.box[0]
    assert second.box[2] == 50.0 + (6 * 20 + 60) / 2


def test_an_upright_rule_parts_cells() -> None:
    rule = Rule(80.0, 30.0, 80.0, 90.0)
    assert [p.text for p in cut(line("试验组安慰剂"), [rule])] == ["试验组", "安慰剂"]
    short = Rule(80.0, 52.0, 80.0, 60.0)  # a stroke of a letter
    assert len(cut(line("试验组安慰剂"), [short])) == 1


def test_flags_go_with_the_part_they_are_about() -> None:
    text = line("剂量组5岁", {3: 60.0})
    characters = list(text.characters)
    old = characters[3]
    characters[3] = Character("5", old.x0, old.x1, 0.4)
    first, second = cut(TextLine(text.quad, tuple(characters)))
    assert first.flags == frozenset()
    assert "doubtful_digits" in second.flags


def test_leaders_of_a_contents_list_are_completed() -> None:
    texts = ["一、前言..", "二、范围....", "三、要点 5", ".10", "四、资料…..", "等等……"]
    found = [piece for text in [*texts, "五、附录.."] for piece in cut(line(text))]
    complete_leaders(found)
    assert [p.text for p in found[:-1]] == [
        "一、前言......", "二、范围......", "三、要点 5", "......10", "四、资料......", "等等……",
    ]  # fmt: skip
    few = cut(line("以及其他..."))
    complete_leaders(few)
    assert few[0].text == "以及其他..."


def test_decimals_without_a_zero_are_no_leaders() -> None:
    found = [piece for text in [".032", ".41", ".003", ".67", ".048"] for piece in cut(line(text))]
    complete_leaders(found)
    assert [p.text for p in found] == [".032", ".41", ".003", ".67", ".048"]


def test_a_ruling_line_that_is_read_as_a_stroke_parts_two_numbers() -> None:
    rule = Rule(75.0, 30.0, 75.0, 90.0)  # through the middle of the third of five characters
    for stroke in "|lI":
        first, second = cut(line(f"25{stroke}30"), [rule])
        assert (first.text, second.text) == ("25", "30")
    (one,) = cut(line("25130"), [rule][:0])
    assert one.text == "25130"


def test_a_stroke_without_a_ruling_line_stays_and_is_doubtful() -> None:
    (piece,) = cut(line("120|80"))
    assert piece.text == "120|80"
    assert "doubtful_digits" in piece.flags
    (repaired,) = cut(line("2l5例"))
    assert repaired.text == "215例"
    assert {"repaired", "doubtful_digits"} <= repaired.flags


def test_numbered_things_are_no_signs() -> None:
    for text in ("队列三100 mg", "访视三14天", "周期三21天"):
        (piece,) = cut(line(text))
        assert piece.text == text
        assert "doubtful_digits" in piece.flags
    assert cut(line("年龄三18岁"))[0].text == "年龄≥18岁"
