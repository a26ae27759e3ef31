from __future__ import annotations

import pytest
from lxml import etree

from ingest.structure.docxmath import dropped_parts, math_text

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def formula(inner: str) -> etree._Element:
    return etree.fromstring(f'<m:oMath xmlns:m="{M}" xmlns:w="{W}">{inner}</m:oMath>')


def r(text: str, properties: str = "") -> str:
    rpr = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<m:r>{rpr}<m:t>{text}</m:t></m:r>"


def f(num: str, den: str, kind: str = "bar") -> str:
    return (
        f'<m:f><m:fPr><m:type m:val="{kind}"/></m:fPr><m:num>{r(num)}</m:num>'
        f"<m:den>{r(den)}</m:den></m:f>"
    )


def sub(base: str, below: str) -> str:
    return f"<m:sSub><m:e>{r(base)}</m:e><m:sub>{r(below)}</m:sub></m:sSub>"


LINES = f"<m:eqArr><m:e>{r('10')}</m:e><m:e>{r('&amp;20')}</m:e></m:eqArr>"
MATRIX = (
    f"<m:m><m:mr><m:e>{r('1')}</m:e><m:e>{r('2')}</m:e></m:mr>"
    f"<m:mr><m:e>{r('3')}</m:e><m:e>{r('4')}</m:e></m:mr></m:m>"
)


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (LINES, "10; 20"),
        (MATRIX, "1, 2; 3, 4"),
        (f("5", "2", "noBar"), "5; 2"),
        (r("2") + f("1", "2") + r("5"), "2 1/2 5"),
        (r("1") + f"<w:ins>{r('5')}</w:ins>" + r("0"), "150"),
        (sub("x", "1") + r("2.5"), "x1 2.5"),
        (f"<m:func><m:fName>{sub('log', '10')}</m:fName><m:e>{r('5')}</m:e></m:func>", "log10 5"),
        (f"<m:func><m:fName>{r('ln')}</m:fName><m:e>{r('(x)')}</m:e></m:func>", "ln(x)"),
        (f"<m:limLow><m:e>{r('lim')}</m:e><m:lim>{r('n→∞')}</m:lim></m:limLow>{r('2')}",
         "lim[n→∞]2"),
        (f"<m:sSup><m:e>{f('1', '2')}</m:e><m:sup>{r('2')}</m:sup></m:sSup>", "(1/2)²"),
        (f"<m:sPre><m:sub>{r('6')}</m:sub><m:sup>{r('14')}</m:sup><m:e>{r('C')}</m:e></m:sPre>",
         "¹⁴₆C"),
        (f"<m:f><m:num>{r('(a)+(b)')}</m:num><m:den>{r('2')}</m:den></m:f>", "((a)+(b))/2"),
        ('<m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e>' + r("9") + "</m:e></m:phant>",
         ""),
    ],
)  # fmt: skip
def test_numbers_of_a_formula_stay_apart(inner: str, shown: str) -> None:
    assert math_text(formula(inner)) == shown


def test_what_was_deleted_or_struck_out_is_no_part_of_a_formula() -> None:
    kept = r("6", '<w:strike w:val="0"/>')
    changed = formula(
        f"<w:del>{r('18')}</w:del><w:ins>{r('20')}</w:ins><w:moveFrom>{r('7')}</w:moveFrom>"
        f"{r('5', '<w:strike/>')}{kept}{r('4', '<w:del/>')}"
    )
    assert math_text(changed) == "206"
    assert dropped_parts(changed) == (2, 1)
