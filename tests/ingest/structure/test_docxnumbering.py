from __future__ import annotations

import pytest
from lxml import etree

from ingest.structure.docxnumbering import Numbering, format_number

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def numbering(levels: str, numbers: str = "") -> Numbering:
    xml = (
        f'<w:numbering {NAMESPACE}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{numbers}</w:numbering>'
    )
    return Numbering(etree.fromstring(xml))


def level(number: int, form: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (3, "decimal", "3"), (3, "decimalZero", "03"), (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"), (10, "chineseCounting", "十"), (12, "chineseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"), (105, "chineseCountingThousand", "一百〇五"),
        (110, "chineseCountingThousand", "一百一十"), (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "decimalEnclosedCircleChinese", "③"), (2, "ideographTraditional", "乙"),
        (22, "ordinal", "22nd"), (7, "made-up", "7"),
    ],
)  # fmt: skip
def test_formats(number: int, form: str, expected: str) -> None:
    assert format_number(number, form) == expected


def test_levels_restart_under_a_new_parent() -> None:
    counted = numbering(level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2",
                        "<w:isLgl/>"))  # fmt: skip
    labels = [counted.label("1", n) for n in (0, 1, 1, 0, 1)]
    assert labels == ["一、", "1.1 ", "1.2 ", "二、", "2.1 "]


def test_override_restarts_the_shared_count() -> None:
    numbers = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    counted = numbering(level(0, "decimal", "%1)"), numbers)
    labels = [counted.label(number, 0) for number in ("1", "1", "2", "2", "3")]
    assert labels == ["1) ", "2) ", "1) ", "2) ", "3) "]


def test_bullets_have_no_label_and_unknown_lists_none() -> None:
    counted = numbering(level(0, "bullet", "\uf0b7"))
    assert counted.label("1", 0) == ""
    assert counted.label("9", 0) is None
    assert Numbering(None).label("1", 0) is None
