"""Articles in this file are made up; nobody wrote or ran them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.jats import load
from ingest.loaders.recognise import recognise
from ingest.model import Block

DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD '
    'v1.3 20210610//EN" "JATS-archivearticle1-3.dtd">'
)
NAMES = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"'
FRONT = """<front><journal-meta><journal-title-group><journal-title>Journal of Tests</journal-title>
</journal-title-group></journal-meta><article-meta>{meta}</article-meta></front>"""
TITLE = "<title-group><article-title>A made-up trial</article-title></title-group>"


def read(
    body: str = "<body><p>Text.</p></body>",
    meta: str = TITLE,
    attributes: str = 'xml:lang="en"',
) -> Loaded:
    front = FRONT.format(meta=meta)
    xml = f"{DOCTYPE}<article {NAMES} {attributes}>{front}{body}</article>"
    return load(Source("a.nxml", xml.encode()))


def body_of(body: str) -> list[Block]:
    """The blocks of the body, without those of the front matter."""
    return [b for b in read(f"<body>{body}</body>").blocks if "/body" in (b.locator.path or "")]


def texts(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks]


def test_metadata() -> None:
    loaded = read(
        meta="""<article-id pub-id-type="pmid">11</article-id>
        <article-id pub-id-type="pmc">22</article-id>
        <article-id pub-id-type="doi">10.1/x</article-id>
        <title-group><article-title>Drug <italic>A</italic></article-title>
        <subtitle>a trial</subtitle></title-group>
        <pub-date pub-type="ppub"><month>11</month><year>2020</year></pub-date>
        <pub-date pub-type="epub"><day>3</day><month>10</month><year>2020</year></pub-date>
        <abstract><p>Registered as NCT01234567.</p></abstract>
        <kwd-group><kwd>dose</kwd><kwd>safety.</kwd></kwd-group>"""
    )
    assert loaded.title == "Drug A: a trial"
    assert loaded.metadata == {
        "kind": "paper", "language": "en", "title": "Drug A: a trial",
        "title_en": "Drug A: a trial", "issuer": "Journal of Tests", "issued": "2020-10-03",
        "keywords": ["dose", "safety"],
        "identifiers": ["PMID 11", "PMC22", "10.1/x", "NCT01234567"],
    }  # fmt: skip
    assert not loaded.warnings


def test_numbers_of_other_trials_are_not_the_article_s() -> None:
    body = """<body><sec><title>Discussion</title><p>Unlike NCT00000001.</p></sec>
    <sec><title>Trial registration</title><p>ChiCTR2000012345</p></sec></body>"""
    assert read(body).metadata["identifiers"] == ["ChiCTR2000012345"]


def test_title_in_english_of_a_chinese_article() -> None:
    loaded = read(
        meta="""<title-group><article-title>一项虚构的试验</article-title><trans-title-group
        xml:lang="en"><trans-title>A made-up trial</trans-title></trans-title-group></title-group>
        <abstract><p>摘要正文。</p></abstract>""",
        attributes='xml:lang="zh"',
    )
    assert loaded.title == "一项虚构的试验"
    assert loaded.metadata["title_en"] == "A made-up trial"
    assert ("heading", "摘要") in texts(loaded.blocks)
    assert ("heading", "正文") in texts(loaded.blocks)


def test_headings_nest_and_carry_their_numbers() -> None:
    blocks = read(
        """<body><sec><label>1.</label><title>Methods</title><sec><title>Patients</title>
        <p>Adults.</p></sec></sec><sec><p>No title.</p></sec></body>""",
        meta=TITLE + "<abstract><sec><title>Aim</title><p>To test.</p></sec></abstract>",
    ).blocks
    assert [(b.text, b.level) for b in blocks if b.kind == "heading"] == [
        ("A made-up trial", 1), ("Abstract", 2), ("Aim", 3), ("1. Methods", 2), ("Patients", 3),
    ]  # fmt: skip
    adults = next(b for b in blocks if b.text == "Adults.")
    assert adults.locator.section == "Patients"
    assert adults.locator.path == "/article/body/sec[1]/sec/p"


def test_text_before_the_first_section_is_not_the_abstract_s() -> None:
    blocks = read(
        "<body><p>Opening.</p></body>", meta=TITLE + "<abstract><p>Short.</p></abstract>"
    ).blocks
    assert next(b for b in blocks if b.text == "Opening.").locator.section == "Main text"
    assert next(b for b in blocks if b.text == "Main text").flags == ("supplied",)


def test_lists_nest_and_keep_their_numbers() -> None:
    blocks = body_of(
        """<sec><title>S</title><p>Criteria: <list list-type="order"><list-item><p>age</p>
        <list list-type="alpha-lower"><list-item><p>18 or more</p></list-item></list></list-item>
        <list-item><label>(ii)</label><p>consent</p><p>in writing</p></list-item></list>
        and so on.</p><list list-type="bullet"><list-item><p>dot</p></list-item></list></sec>"""
    )
    assert texts(blocks)[1:] == [
        ("paragraph", "Criteria:"), ("list_item", "1. age"), ("list_item", "a. 18 or more"),
        ("list_item", "(ii) consent"), ("list_item", "in writing"), ("paragraph", "and so on."),
        ("list_item", "dot"),
    ]  # fmt: skip


def test_marks_of_references_never_run_into_numbers() -> None:
    mark = '<xref ref-type="bibr" rid="r">{}</xref>'.format
    blocks = body_of(
        f"<p>Fell by 2.5{mark(3)} in trials.[{mark(4)}{mark(6)}] and 10<sup>9</sup>.</p>"
    )
    assert blocks[-1].text == "Fell by 2.5[3] in trials.[4,6] and 10⁹."


def test_boxes_quotes_and_definitions() -> None:
    blocks = body_of(
        """<sec><title>S</title><boxed-text><label>Box 1</label><caption><title>Key</title>
        </caption><sec><title>Known</title><p>Little.</p></sec></boxed-text>
        <disp-quote><p>Said.</p><attrib>Someone</attrib></disp-quote><p>After.</p>
        <def-list><def-item><term>AE</term><def><p>adverse event</p></def></def-item></def-list>
        </sec>"""
    )
    assert texts(blocks) == [
        ("heading", "S"), ("paragraph", "Box 1 Key"), ("paragraph", "Known"),
        ("paragraph", "Little."), ("paragraph", "Said."), ("paragraph", "Someone"),
        ("paragraph", "After."), ("list_item", "AE: adverse event"),
    ]  # fmt: skip


def test_table_with_spans_and_notes() -> None:
    (block,) = body_of(
        """<table-wrap id="t1"><label>Table 1</label><caption><p>Doses.</p></caption><table>
        <thead><tr><th rowspan="2">Arm</th><th colspan="2">Dose</th></tr><tr><th>mg</th><th>ml</th>
        </tr></thead><tbody><tr><td>A</td><td>5<sup>a</sup></td><td>10<sup>3</sup></td></tr></tbody>
        </table><table-wrap-foot><fn><label>a</label><p>Twice.</p></fn><p>SD, deviation.</p>
        </table-wrap-foot></table-wrap>"""
    )[1:]
    assert block.table is not None
    assert block.table.header_rows == 2
    assert block.table.rows[2] == ("A", "5ᵃ", "10³")
    assert block.text.splitlines() == [
        "Table 1 Doses.", "Arm | Dose | Dose", "Arm | mg | ml", "A | 5ᵃ | 10³", "a Twice.",
        "SD, deviation.",
    ]  # fmt: skip


def test_long_table_keeps_its_caption_on_every_part_and_its_notes_at_the_end() -> None:
    rows = "".join(f"<tr><td>r{i}</td><td>{i}</td></tr>" for i in range(90))
    parts = body_of(
        f"""<table-wrap><label>Table 2</label><table><thead><tr><th>a</th><th>b</th></tr></thead>
        {rows}</table><table-wrap-foot><p>Note.</p></table-wrap-foot></table-wrap>"""
    )[1:]
    assert [b.text.splitlines()[0] for b in parts] == ["Table 2"] * 3
    assert [b.text.endswith("Note.") for b in parts] == [False, False, True]


def test_table_that_is_a_picture_is_reported() -> None:
    loaded = read(
        """<body><table-wrap><label>Table 3</label><caption><p>Scores</p></caption>
        <graphic xlink:href="t3.jpg"/></table-wrap></body>"""
    )
    figure = loaded.blocks[-1]
    assert (figure.kind, figure.text, figure.flags) == (
        "figure", "Table 3 Scores", ("graphic:t3.jpg",),
    )  # fmt: skip
    assert loaded.warnings == ["1 tables are pictures and were not read; only their captions were"]


def test_figure_knows_the_paragraphs_that_refer_to_it() -> None:
    blocks = body_of(
        """<sec><title>S</title><p>See <xref ref-type="fig" rid="f1">Figure 1</xref>.</p>
        <p>None.</p><fig id="f1"><label>Figure 1</label><caption><title>Flow</title>
        <p>Of patients.</p></caption><graphic xlink:href="f1"/></fig></sec>"""
    )
    first, figure = blocks[1], blocks[3]
    assert figure.text == "Figure 1 Flow\nOf patients."
    assert figure.flags == ("graphic:f1", f"mentioned_in:{first.locator.path}")


def test_figures_kept_at_the_end_follow_their_first_mention() -> None:
    loaded = read(
        """<body><sec><title>S</title><p>See <xref ref-type="fig" rid="f1">Fig 1</xref>.</p>
        <p>Next.</p></sec></body><back><ack><p>Thanks.</p></ack></back><floats-group>
        <fig id="f1"><label>Fig 1</label><graphic/></fig>
        <fig id="f2"><label>Fig 2</label><graphic/></fig></floats-group>"""
    )
    assert [b.text for b in loaded.blocks[3:]] == [
        "See Fig 1.", "Fig 1", "Next.", "Figures and tables", "Fig 2", "Acknowledgements",
        "Thanks.",
    ]  # fmt: skip
    assert loaded.blocks[4].locator.section == "S"


def test_notes_supplements_and_references() -> None:
    loaded = read(
        """<body><p>Known [<xref ref-type="bibr" rid="r1">1</xref>, <xref ref-type="bibr"
        rid="r2">2</xref> ] .</p><sec><title>Files</title><supplementary-material
        xlink:href="s.doc">
        <label>S1</label><caption><p>Protocol</p></caption></supplementary-material></sec></body>
        <back><fn-group><fn><label>*</label><p>Funding: none.</p></fn></fn-group><ref-list>
        <ref id="r1"><element-citation><person-group person-group-type="author"><name><surname>Doe
        </surname><given-names>J</given-names></name><etal/></person-group><article-title>On tests
        </article-title><source>J Test</source><year>2001</year><volume>4</volume><issue>2</issue>
        <fpage>1</fpage><lpage>9</lpage><pub-id pub-id-type="doi">10.1/y</pub-id>
        <pub-id pub-id-type="pmid">33</pub-id></element-citation></ref>
        <ref id="r2"><label>2.</label><mixed-citation>Roe R. <source>Book</source>. Paris;
        <year>1999</year>. doi:<pub-id pub-id-type="doi">10.1/z</pub-id>.</mixed-citation></ref>
        </ref-list></back>"""
    )
    assert [(b.kind, b.text) for b in loaded.blocks[3:]] == [
        ("paragraph", "Known [1, 2]."), ("heading", "Files"), ("list_item", "S1 Protocol"),
        ("heading", "Notes"), ("footnote", "* Funding: none."), ("heading", "References"),
        ("list_item", "[1] Doe J, et al. On tests. J Test. 2001;4(2):1-9. doi:10.1/y PMID 33"),
        ("list_item", "[2] Roe R. Book. Paris; 1999. doi:10.1/z."),
    ]  # fmt: skip
    assert loaded.blocks[5].flags == ("file:s.doc",)
    assert loaded.blocks[-1].flags == ("reference",)
    assert loaded.warnings[0].startswith("1 supplementary files")


def test_retracted_article_says_so_in_front_and_on_every_block() -> None:
    loaded = read(
        meta=f"""{TITLE}<related-article related-article-type="retraction-forward"
        ext-link-type="doi" xlink:href="10.1/r"/>"""
    )
    assert loaded.blocks[0].text == ("RETRACTED: this article has been retracted; doi:10.1/r")
    assert all("retracted" in block.flags for block in loaded.blocks)
    assert "retracted" in loaded.warnings[0]


@pytest.mark.parametrize(
    ("attributes", "title", "related", "flag"),
    [
        ("", "RETRACTED: A trial", "", "retracted"),
        ("", "Retracted Article: A trial", "", "retracted"),
        ("", "[Retracted] A trial", "", "retracted"),
        ("", "【已撤稿】一项试验", "", "retracted"),
        ("", "A trial", "correction-forward", "corrected"),
        ("", "A trial", "expression-of-concern", "concern"),
        ('article-type="retraction"', "Retraction: A trial", "retracted-article",
         "retraction_notice"),
        ('article-type="correction"', "Correction", "corrected-article", "correction_notice"),
        ('article-type="expression-of-concern"', "Concern", "object-of-concern", "concern_notice"),
    ],
)  # fmt: skip
def test_notices(attributes: str, title: str, related: str, flag: str) -> None:
    loaded = read(
        meta=f"""<title-group><article-title>{title}</article-title></title-group>
        <related-article related-article-type="{related}" xlink:href="10.1/r"/>""",
        attributes=attributes,
    )
    assert {block.flags[0] for block in loaded.blocks} == {flag}


@pytest.mark.parametrize(
    ("attributes", "title", "related"),
    [
        ('article-type="research-article"', "Retracted studies in oncology: a review", "companion"),
        ("", "Withdrawn drugs", ""),
        ("", "Why trials are withdrawn", "corrected-article"),
    ],
)
def test_articles_that_stand_are_not_flagged(attributes: str, title: str, related: str) -> None:
    loaded = read(
        meta=f"""<title-group><article-title>{title}</article-title></title-group>
        <related-article related-article-type="{related}" xlink:href="10.1/r"/>""",
        attributes=attributes,
    )
    assert not loaded.warnings
    assert not any("retracted" in b.flags or "corrected" in b.flags for b in loaded.blocks)


@pytest.mark.parametrize(
    ("licence", "restricted"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", False),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", True),
        ("All rights reserved.", True),
    ],
)
def test_restricted_licence_is_a_warning(licence: str, restricted: bool) -> None:
    loaded = read(
        meta=f"{TITLE}<permissions><license><license-p>{licence}</license-p></license></permissions>"
    )
    assert [w for w in loaded.warnings if "licence restricts" in w] == loaded.warnings
    assert bool(loaded.warnings) is restricted


def test_incomplete_date_is_said() -> None:
    loaded = read(meta=TITLE + "<pub-date><month>May</month><year>2019</year></pub-date>")
    assert loaded.metadata["issued"] == "2019-05-01"
    assert loaded.warnings == ["published 2019-05, the day is not stated; 2019-05-01 stands for it"]


def test_entities_of_the_dtd_are_read_and_unknown_ones_reported() -> None:
    loaded = read("<body><p>5&nbsp;&mu;g&hellip; &nosuch; x</p></body>")
    assert loaded.blocks[-1].text == "5 μg… &nosuch; x"
    assert loaded.warnings == ["unknown entities stand as written in the text: &nosuch;"]


def test_entities_of_the_file_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    xml = f"""<!DOCTYPE article [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">
    <!ENTITY f SYSTEM "{secret.as_uri()}">]><article><body><p>x &b; &f;</p></body></article>"""
    loaded = load(Source("a.xml", xml.encode()))
    assert loaded.blocks[-1].text == "x &b; &f;"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<article><body><p>p < 0.05</p></body></article>", "broken"),
        ("<article><body><p>cut", "broken"),
        ("<Bundle xmlns='http://hl7.org/fhir'><entry/></Bundle>", "no JATS article"),
        ("<article><title>DocBook</title></article>", "no JATS article"),
        ("<article><front><article-meta/></front></article>", "no text"),
        (f"<article><body>{'<sec>' * 300}{'</sec>' * 300}</body></article>", "broken"),
        ("not XML", "broken"),
    ],
)
def test_bad_input_is_refused_with_a_reason(xml: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        load(Source("a.xml", xml.encode()))


@pytest.mark.parametrize("tag", ["italic", "sec", "list"])
def test_deep_nesting_is_read_or_refused_but_never_lost(tag: str) -> None:
    try:
        blocks = body_of(f"{f'<{tag}>' * 240}deep{f'</{tag}>' * 240}")
    except BadInput as error:
        assert "nested too deeply" in str(error)
    else:
        assert blocks[-1].text == "deep"


def test_chinese_encoding_that_is_not_declared() -> None:
    text = "本研究为随机、双盲、安慰剂对照的多中心临床试验，旨在评价药物的安全性。"
    xml = f'<?xml version="1.0" encoding="UTF-8"?><article><body><p>{text}</p></body></article>'
    loaded = load(Source("a.xml", xml.encode("gb18030")))
    assert loaded.blocks[-1].text == text
    assert "gb18030" in loaded.warnings[0]


def test_undeclared_prefix_costs_no_text() -> None:
    loaded = load(Source("a.xml", b"<article><body><p>a <ali:x>b</ali:x> c</p></body></article>"))
    assert loaded.blocks[-1].text == "a b c"
    assert "no text is lost" in loaded.warnings[0]


def test_namespaces_and_sets_of_articles() -> None:
    one = "<article><front><article-meta>{}</article-meta></front><body><p>{}</p></body></article>"
    xml = f"""<pmc-articleset xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/">
    {one.format(TITLE, "First.")}{one.format(TITLE, "Second.")}</pmc-articleset>"""
    loaded = load(Source("a.xml", xml.encode()))
    assert [b.text for b in loaded.blocks if b.text in {"First.", "Second."}] == [
        "First.", "Second.",
    ]  # fmt: skip
    assert "holds 2 articles" in loaded.warnings[0]


def test_sub_article_is_read_below() -> None:
    blocks = read(
        f"""<body><p>Main.</p></body><sub-article article-type="reply"><front-stub>{TITLE}
        </front-stub><body><p>Reply.</p></body></sub-article>"""
    ).blocks
    assert blocks[-1].text == "Reply."
    assert [b.level for b in blocks if b.text == "A made-up trial"] == [1, 2]


WORDS = st.text(st.sampled_from("abc 试验"), min_size=1, max_size=8).filter(str.strip)
INLINE = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["italic", "bold", "p", "list-item", "named-content", "boxed-text", "sec",
                         "list", "fn", "disp-quote", "unknown"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=12,
)  # fmt: skip


@given(INLINE)
def test_no_text_of_the_body_is_lost_whatever_it_stands_in(xml: str) -> None:
    loaded = read(f"<body><p>start {xml} end</p></body>")
    found = "".join(b.text for b in loaded.blocks if "/body" in (b.locator.path or "")[:14])
    expected = re.sub(r"<[^>]+>|\s", "", f"start {xml} end")
    assert sorted(re.sub(r"\s", "", found.removeprefix("Main text"))) == sorted(expected)


@pytest.mark.shared
def test_real_articles(shared: Path) -> None:
    files = sorted((shared / "documents" / "jats").iterdir())
    if not files:
        pytest.skip("no articles there")
    for file in files:
        loaded = load(Source(file.name, file.read_bytes()))
        if file.suffix != ".nxml":
            continue
        headings = [b for b in loaded.blocks if b.kind == "heading"]
        assert loaded.title and len(headings) >= 8, file.name
        assert {"issuer", "issued", "identifiers"} <= loaded.metadata.keys(), file.name
        assert sum("reference" in b.flags for b in loaded.blocks) >= 9, file.name


def test_notes_inside_cells_and_words_are_kept() -> None:
    note = "<fn id='n'><label>a</label><p>Adjusted for age.</p></fn>"
    blocks = body_of(
        f"<table-wrap><label>Table 1</label><table><tr><th>Arm</th><th>HR</th></tr>"
        f"<tr><td>A</td><td>0.60{note}</td></tr></table></table-wrap>"
        f"<sec><title>Results{note.replace('a<', 'b<')}</title><p><bold>x{note}</bold>.</p></sec>"
    )
    assert texts(blocks[1:]) == [
        ("table", "Table 1\nArm | HR\nA | 0.60ᵃ\na Adjusted for age."),
        ("heading", "Resultsᵇ"),
        ("footnote", "b Adjusted for age."),
        ("paragraph", "x"),
        ("footnote", "a Adjusted for age."),
        ("paragraph", "."),
    ]


def test_struck_out_text_is_counted() -> None:
    loaded = read("<body><p>Age <strike>18</strike> 20 years.</p></body>")
    assert loaded.blocks[-1].text == "Age 20 years."
    assert "1 struck-out passages were left out" in loaded.warnings


@pytest.mark.parametrize(
    ("history", "flag"),
    [
        ('<history><date date-type="retracted"><year>2021</year></date></history>', "retracted"),
        ('<history><date date-type="corrected"><year>2021</year></date></history>', "corrected"),
        (
            '<pub-history><event><date date-type="retracted"><year>2021</year></date></event>'
            "</pub-history>",
            "retracted",
        ),
        ('<pub-history><event event-type="corrected-proof"/></pub-history>', ""),
        ('<history><date date-type="accepted"><year>2021</year></date></history>', ""),
    ],
)
def test_the_history_tells_whether_an_article_stands(history: str, flag: str) -> None:
    flags = read(meta=TITLE + history).blocks[-1].flags
    assert flags == ((flag,) if flag else ())


@pytest.mark.parametrize("unit", ["<article ", "<article>", "<!DOCTYPE article ", "<article >\n"])
def test_tags_without_end_are_told_in_no_time(unit: str) -> None:
    start = time.perf_counter()
    recognise("a.xml", f"<x>{unit * (65_000 // len(unit))}".encode())
    assert time.perf_counter() - start < 2


def test_articles_are_recognised() -> None:
    for opening in (
        DOCTYPE,
        '<article\n dtd-version="1.3">',
        "<article><front>",
        "<pmc-articleset>",
    ):
        assert recognise("a.xml", f'<?xml version="1.0"?>{opening}'.encode()) == "jats"
    assert recognise("a.xml", b"<article><p>") != "jats"
