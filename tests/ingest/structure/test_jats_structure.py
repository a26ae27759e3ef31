from __future__ import annotations

import pytest
from lxml import etree

from ingest.structure.jatsdates import date_of, issued
from ingest.structure.jatslist import item_marks
from ingest.structure.jatsrefs import reference_numbers, reference_text
from ingest.structure.jatstable import tables_of
from ingest.structure.jatstext import TextReader
from ingest.structure.mathml import mathml_text

MML = "http://www.w3.org/1998/Math/MathML"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("10<sup>9</sup>/L", "10⁹/L"),
        ("kg m<sup>−2</sup>", "kg m⁻²"),
        ("10<sup>6 </sup>cells", "10⁶ cells"),
        ("12.3<sup>a,b</sup>", "12.3ᵃ,ᵇ"),
        ("5<sup>th</sup> day", "5th day"),
        ("14.2<sup>1,2</sup> months", "14.2[1,2] months"),
        ("5<sup>1;2</sup>", "5[1;2]"),
        ("10<sup>−3.5</sup>", "10^(−3.5)"),
        ("10<sup>9/L</sup>", "10⁹/L"),
        ("10<sup><italic>9</italic></sup>", "10⁹"),
        ("n = 45<sup>†1</sup>", "n = 45^(†1)"),
        ("12.5<sub>2</sub>, log<sub>10</sub>1000", "12.5₂, log₁₀1000"),
        ("AUC<sub>0–24</sub>5.6", "AUC₀₋₂₄5.6"),
        ("Age <strike>18</strike> 20", "Age 20"),
        ("<styled-content style='text-decoration: line-through'>18</styled-content> 20", "20"),
        ("0.60<fn><p>adjusted</p></fn>", "0.60 (adjusted)"),
        ("0.60<fn><label>a</label><p>adjusted</p></fn>", "0.60ᵃ"),
        ("HbA<sub>1c</sub>, CO<sub>2</sub>", "HbA1c, CO2"),
        ("F<sub>1,452</sub>", "F₁,₄₅₂"),
        ("fell<sup><xref ref-type='bibr'>3</xref></sup>.", "fell[3]."),
        ("fell<xref ref-type='bibr'><sup>3</sup></xref>.", "fell[3]."),
        (
            "fell.<sup><xref ref-type='bibr'>3</xref>,<xref ref-type='bibr'>4</xref></sup>",
            "fell.[3,4]",
        ),
        ("[<xref ref-type='bibr'>4</xref><xref ref-type='bibr'>6</xref>]", "[4,6]"),
        ("2.5<xref ref-type='bibr'>3</xref> mg", "2.5[3] mg"),
        ("(ref. <xref ref-type='bibr'>3</xref>)", "(ref. 3)"),
        ("0.60<xref ref-type='table-fn'>1</xref>", "0.60¹"),
        ("0.60<xref ref-type='table-fn'>*</xref>", "0.60*"),
        ("[ <xref ref-type='bibr'>1</xref>\n–<xref ref-type='bibr'>3</xref> ] .", "[1 –3]."),
        ("one<break/>two\n  three", "one\ntwo three"),
        ("p\u2009=\u20090.05", "p = 0.05"),
        ("a<!-- c -->b", "ab"),
        ("see <uri xlink:href='http://x.org'/>", "see http://x.org"),
        ("dose <inline-graphic><alt-text>times ten</alt-text></inline-graphic>", "dose times ten"),
        ("<inline-formula><tex-math>\\frac{a}{b}</tex-math></inline-formula>", "(a)/(b)"),
    ],
)
def test_inline_text(xml: str, text: str) -> None:
    parser = etree.XMLParser(remove_comments=True)
    element = etree.fromstring(f"<p xmlns:xlink='http://www.w3.org/1999/xlink'>{xml}</p>", parser)
    assert TextReader().read(element) == text


def test_a_picture_without_words_is_seen_and_counted() -> None:
    reader = TextReader()
    assert reader.read(etree.XML("<p>where <inline-graphic/> is it</p>")) == "where □ is it"
    assert reader.left_out["formulas"] == 1


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "a/(b + 1)"),
        ("<msup><mrow><mi>x</mi><mo>-</mo><mi>y</mi></mrow><mn>2</mn></msup>", "(x-y)²"),
        ("<msub><mi>H</mi><mn>0</mn></msub><mo>=</mo><mn>5</mn>", "H0 = 5"),
        ("<msup><mi>e</mi><mrow><mo>-</mo><mi>λ</mi><mi>t</mi></mrow></msup>", "e^(-λt)"),
        ("<msqrt><mi>p</mi><mi>q</mi></msqrt>", "√pq"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>x</mi>", "∑[i→n]x"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x\u0304"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a,b)"),
        ("<mi>a</mi><mo>\u2062</mo><mi>b</mi>", "ab"),
        ("<semantics><mi>a</mi><annotation>LaTeX</annotation></semantics>", "a"),
        ("<mn>1</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "1 1/2"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac><mn>5</mn>", "1/2 5"),
        ("<msqrt><mn>8</mn></msqrt><mn>5</mn>", "√8 5"),
        ("<msub><mi>log</mi><mn>10</mn></msub><mn>1000</mn>", "log10 1000"),
        ("<msub><mn>12.5</mn><mn>2</mn></msub>", "12.5₂"),
        ("<mn>1</mn><mn>0</mn>", "10"),
        ("<mmultiscripts><mi>F</mi><mprescripts/><none/><mn>18</mn></mmultiscripts>", "¹⁸F"),
        (
            "<mfrac><mn>1</mn><mrow><mo>(</mo><mi>a</mi><mo>)</mo><mo>(</mo><mi>b</mi><mo>)</mo>"
            "</mrow></mfrac>",
            "1/((a)(b))",
        ),
    ],
)
def test_mathml(xml: str, text: str) -> None:
    assert mathml_text(etree.XML(f"<math xmlns='{MML}'>{xml}</math>")) == text


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("<date><day>3</day><month>2</month><year>2020</year></date>", ("2020-02-03", True)),
        ("<date iso-8601-date='2020-02-03'><year>1</year></date>", ("2020-02-03", True)),
        ("<date iso-8601-date='2018c-10-16'><year>2018c</year></date>", ("2018", False)),
        ("<date><month>Sept</month><year>2020</year></date>", ("2020-09", False)),
        ("<date><season>Spring</season><year>2020</year></date>", ("2020", False)),
        ("<date><day>31</day><month>2</month><year>2020</year></date>", ("2020-02", False)),
        ("<date><month>13</month><year>2020</year></date>", ("2020", False)),
        ("<date><string-date>May 2020</string-date></date>", ("2020", False)),
        ("<date/>", (None, False)),
    ],
)
def test_dates(xml: str, value: tuple[str | None, bool]) -> None:
    assert date_of(etree.XML(xml)) == value


def test_complete_date_before_incomplete_and_electronic_before_print() -> None:
    meta = etree.XML(
        """<m><pub-date pub-type="epub"><year>2020</year></pub-date>
        <pub-date date-type="pub" publication-format="print" iso-8601-date="2020-05-01"/>
        <pub-date pub-type="pmc-release" iso-8601-date="2019-01-01"/></m>"""
    )
    assert issued(meta) == ("2020-05-01", None)
    meta.append(etree.XML('<pub-date pub-type="epub" iso-8601-date="2020-04-01"/>'))
    assert issued(meta) == ("2020-04-01", None)
    assert issued(etree.XML("<m/>")) == (None, None)


def test_list_marks() -> None:
    reader = TextReader()
    items = [etree.XML("<list-item/>") for _ in range(4)]
    for kind, last in {
        "order": "4.",
        "roman-lower": "iv.",
        "alpha-upper": "D.",
        "bullet": "",
    }.items():
        assert item_marks(etree.XML(f"<list list-type='{kind}'/>"), items, reader)[-1] == last


def test_cals_table() -> None:
    wrap = etree.XML(
        """<table-wrap><table><tgroup cols="3"><colspec colname="a"/><colspec colname="b"/>
        <colspec colname="c"/><thead><row><entry morerows="1">Arm</entry>
        <entry namest="b" nameend="c">Dose</entry></row><row><entry>mg</entry><entry>ml</entry>
        </row></thead><tbody><row><entry>A</entry><entry>1</entry><entry>2</entry></row>
        <row><entry colname="a">B</entry><entry colname="c">4</entry></row></tbody></tgroup>
        </table></table-wrap>"""
    )
    (table,) = tables_of(wrap, TextReader().read)
    assert table.header_rows == 2
    assert table.rows == (
        ("Arm", "Dose", "Dose"), ("Arm", "mg", "ml"), ("A", "1", "2"), ("B", "", "4"),
    )  # fmt: skip


def test_header_without_its_row_spans_is_mended() -> None:
    wrap = etree.XML(
        """<w><table><thead><tr><th>Region</th><th colspan="2">Place</th><th>Z</th></tr>
        <tr><th>X</th><th>Y</th></tr></thead>
        <tr><td>L</td><td>1</td><td>2</td><td>3</td></tr></table></w>"""
    )
    assert tables_of(wrap, TextReader().read)[0].rows[1] == ("Region", "X", "Y", "Z")


def test_header_of_a_table_without_thead() -> None:
    wrap = etree.XML(
        """<w><table><tr><td/><td colspan="2">Arm</td></tr><tr><td>Event</td><td>A (n = 3)</td>
        <td>B (n = 4)</td></tr><tr><td>Nausea</td><td>1</td><td>0</td></tr></table></w>"""
    )
    assert tables_of(wrap, TextReader().read)[0].header_rows == 2


def test_table_of_one_cell_is_kept() -> None:
    wrap = etree.XML("<w><table><tr><td>Panel: all</td></tr></table></w>")
    assert tables_of(wrap, TextReader().read)[0].rows == (("Panel: all",),)


def test_references_without_labels_are_numbered_by_their_marks() -> None:
    article = etree.XML(
        """<article><xref ref-type="bibr" rid="a">1</xref><xref ref-type="bibr" rid="c">3</xref>
        <ref id="a"/><ref id="b"/><ref id="c"/></article>"""
    )
    assert list(reference_numbers(article).values()) == ["1", "2", "3"]
    article[1].text = "7"  # marks that do not follow the list number nothing else
    assert list(reference_numbers(article).values()) == ["1", "", "7"]


def test_written_citation_without_marked_separators() -> None:
    ref = etree.XML(
        """<ref><label>3</label><mixed-citation><person-group><name><surname>Doe</surname>
        <given-names>J</given-names></name><name><surname>Roe</surname><given-names>R</given-names>
        </name></person-group>. A title. <year>2001</year>.<pub-id pub-id-type="pmid">5</pub-id>
        </mixed-citation></ref>"""
    )
    assert reference_text(ref, "", TextReader()) == "[3] Doe J, Roe R. A title. 2001. PMID 5"


def test_entries_may_span_more_rows_than_two_hundred() -> None:
    rows = "".join(f"<row><entry colname='b'>{number}</entry></row>" for number in range(2, 231))
    table = tables_of(
        etree.fromstring(
            "<table-wrap><table><tgroup cols='2'><colspec colname='a'/><colspec colname='b'/>"
            f"<tbody><row><entry morerows='229'>A</entry><entry>1</entry></row>{rows}</tbody>"
            "</tgroup></table></table-wrap>"
        ),
        TextReader().read,
    )[0]
    assert table.rows[-1] == ("A", "230")
