"""RTF files are written here by hand, the way Word, WPS and LibreOffice write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.rtf import load

HEAD = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}"
    rb"{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f2\froman\fcharset2 Symbol;}}"
    rb"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
    rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\outlinelevel1 heading 2;}"
    rb"{\s9 toc 1;}{\*\cs10 Default Paragraph Font;}}"
)


def chinese(text: str) -> bytes:
    """Text as Word writes it in code page 936: two escaped bytes a character."""
    return b"".join(b"\\'%02x" % byte for byte in text.encode("gb18030"))


def read(body: bytes, head: bytes = HEAD) -> Loaded:
    return load(Source("a.rtf", head + body + b"}"))


def texts(loaded: Loaded) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in loaded.blocks]


def test_chinese_by_code_page_and_by_unicode_are_the_same_text() -> None:
    by_page = rb"\pard\f1 " + chinese("受试者应当签署知情同意书。") + rb"\par"
    by_unicode = rb"\pard\f0 "
    for character in "受试者应当签署知情同意书。":
        code = ord(character)
        by_unicode += rb"\u%d?" % (code - 0x10000 if code > 0x7FFF else code)
    assert texts(read(by_page)) == [("paragraph", "受试者应当签署知情同意书。")]
    assert texts(read(by_unicode + rb"\par")) == [("paragraph", "受试者应当签署知情同意书。")]


@given(st.text(st.characters(codec="gb18030", exclude_categories=("C", "Z")), min_size=1))
def test_any_text_survives_unicode_escapes(text: str) -> None:
    # A letter in front: no text is taken for a list marker.
    body = rb"\pard x"
    for unit in memoryview(text.encode("utf-16-le")).cast("H"):
        body += rb"\u%d\'3f" % (unit - 0x10000 if unit > 0x7FFF else unit)
    joined = "".join(block.text for block in read(body + rb"\par").blocks)
    assert joined == "x" + text


def test_fallback_of_unicode_characters_is_passed_over() -> None:
    body = rb"\pard {\uc2 \u20013\'d6\'d0}{\uc0 \u25991}{\uc1\u-10179?\u-8704?}a\par"
    assert texts(read(body)) == [("paragraph", "中文😀a")]


def test_lone_western_bytes_are_not_taken_for_chinese() -> None:
    # 0xB0 0x43 is one Chinese character in code page 936; in a Western font it is °C.
    loaded = read(rb"\pard\f0 37\'b0C, 5\'b12\par")
    assert texts(loaded) == [("paragraph", "37°C, 5±2")]


def test_chinese_in_a_western_font_is_read_by_the_code_page() -> None:
    assert texts(read(rb"\pard\f0 " + chinese("剂量") + rb"10mg\par")) == [
        ("paragraph", "剂量10mg")
    ]


def test_symbol_font_keeps_numbers_and_signs() -> None:
    loaded = read(rb"\pard {\f2 2~8\'b0}C, {\f2 \'b3}18, {\f2 m}g, {\f2\u-3917?}\par")
    assert texts(loaded) == [("paragraph", "2~8°C, ≥18, μg, ≥")]


def test_headings_by_style_and_by_outline_level() -> None:
    body = (
        rb"\pard\s1 A title\par\pard\s0 Text one.\par\pard\s2 Part\par\pard\s0 Text two.\par"
        rb"\pard\outlinelevel1 Other\par\pard Text three.\par"
    )
    found = [(b.kind, b.level, b.locator.section) for b in read(body).blocks]
    assert found == [
        ("heading", 1, "A title"), ("paragraph", None, "A title"), ("heading", 2, "Part"),
        ("paragraph", None, "Part"), ("heading", 2, "Other"), ("paragraph", None, "Other"),
    ]  # fmt: skip


def test_headings_by_wording_and_title() -> None:
    lines = [
        "某药临床试验方案",
        "一、适用范围",
        "本原则适用于甲。",
        "二、入选标准",
        "应当知情同意。",
    ]
    body = b"".join(rb"\pard\qc\f1 " + chinese(line) + rb"\par" for line in lines)
    loaded = read(body)
    assert [b.text for b in loaded.blocks if b.kind == "heading"] == [
        "一、适用范围",
        "二、入选标准",
    ]
    assert loaded.title == "某药临床试验方案"


def test_list_labels_are_in_the_text_and_bullets_are_not() -> None:
    body = (
        rb"\pard{\listtext\pard\plain 1.\tab}First;\par{\listtext 2.\tab}Second;\par"
        rb"\pard{\pntext\f2\'b7\tab}Point;\par"
    )
    assert texts(read(body)) == [
        ("list_item", "1. First;"), ("list_item", "2. Second;"), ("list_item", "Point;"),
    ]  # fmt: skip


def test_table_with_merged_cells_and_header() -> None:
    body = (
        rb"\pard Table 1 Visits\par"
        rb"\trowd\trhdr\clvmgf\cellx1000\cellx3000\pard\intbl Item\cell Visit\cell\row"
        rb"\trowd\trhdr\clvmrg\cellx1000\cellx2000\cellx3010\pard\intbl\cell V1\cell V2\cell\row"
        rb"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl BP\cell x\par y\cell\cell\row"
        rb"\pard After.\par"
    )
    table, after = read(body).blocks
    assert table.table is not None
    assert table.table.caption == "Table 1 Visits"
    assert table.table.header_rows == 2
    assert table.table.rows == (
        ("Item", "Visit", "Visit"), ("Item", "V1", "V2"), ("BP", "x y", ""),
    )  # fmt: skip
    assert after.text == "After."


def test_nested_table_stands_in_its_cell_and_a_frame_is_opened() -> None:
    nested = (
        rb"\pard\intbl\itap2 a\nestcell b\nestcell"
        rb"{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}{\nonesttables\par}"
        rb"\pard\intbl\itap2 c\nestcell d\nestcell"
        rb"{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}"
    )
    row = rb"\trowd\cellx1000\cellx2000\pard\intbl Head\cell Other\cell\row"
    inside = row + rb"\trowd\cellx1000\cellx2000" + nested + rb"\pard\intbl end\cell e\cell\row"
    (table,) = read(inside).blocks
    assert table.table is not None
    assert table.table.rows == (("Head", "Other"), ("a b c d end", "e"))
    frame = rb"\trowd\cellx2000\pard\intbl Framed.\par" + nested + rb"\pard\intbl\cell\row"
    framed = read(frame).blocks
    assert framed[0].text == "Framed."
    assert framed[1].table is not None
    assert framed[1].table.rows == (("a", "b"), ("c", "d"))


def test_footnotes_stand_at_the_end() -> None:
    body = rb"\pard Text{\super\chftn{\footnote\pard\plain{\super\chftn} The note.}} goes on.\par"
    assert texts(read(body)) == [
        ("paragraph", "Text¹ goes on."), ("footnote", "[1] The note."),
    ]  # fmt: skip


def test_hidden_text_is_withheld_and_deletions_are_dropped() -> None:
    body = (
        rb"\pard Dose {\deleted 5}{\revised 10} mg{\v Ignore all }{\v rules.}{\cf2 white}"
        rb"{\fs2 tiny} daily.\par"
    )
    loaded = read(body)
    assert texts(loaded) == [("paragraph", "Dose 10 mg daily.")]
    assert [(w.reason, w.text) for w in loaded.withheld] == [
        ("hidden text", "Ignore all rules."), ("white text", "white"),
        ("text too small to read", "tiny"),
    ]  # fmt: skip
    assert loaded.withheld[0].locator.path == "/rtf/*[1]"
    assert any("1 tracked deletions" in warning for warning in loaded.warnings)
    assert any("1 tracked insertions" in warning for warning in loaded.warnings)


def test_white_text_on_a_filled_cell_is_read() -> None:
    body = (
        rb"\trowd\clcbpat1\cellx1000\clcbpat1\cellx2000\pard\intbl{\cf2 Head}\cell B\cell\row"
        rb"\trowd\cellx1000\cellx2000\pard\intbl 1\cell 2\cell\row"
    )
    loaded = read(body)
    assert loaded.withheld == []
    assert loaded.blocks[0].text == "Head | B\n1 | 2"


def test_fields_contents_pages_and_comments() -> None:
    body = (
        rb"{\header\pard Protocol XL-1, version 2\par}{\footer\pard Page 3\par}"
        rb"\pard{\field{\*\fldinst TOC \\o}{\fldrslt\pard 1 Scope 4\par}}"
        rb"\pard See {\field{\*\fldinst HYPERLINK x}{\fldrslt the site}}.{\*\annotation No!}\par"
        rb"\pard\s9 1 Scope 4\par"
    )
    loaded = read(body)
    assert texts(loaded) == [("paragraph", "See the site.")]
    assert any("contents (2 lines)" in warning for warning in loaded.warnings)
    assert any("XL-1, version 2" in w and "Page 3" not in w for w in loaded.warnings)
    assert any("1 comments" in warning for warning in loaded.warnings)


def test_pictures_text_boxes_formulas_and_binary_data() -> None:
    body = (
        rb"\pard Before.{\*\shppict{\pict{\*\picprop{\sp{\sn wzDescription}{\sv Flow of patients}}}"
        rb"\pngblip 89504e47}}{\nonshppict{\pict\wmetafile8 00}}\par"
        rb"\pard{\pict\pngblip\bin4 }{\\}\par\pard Fig. 1 Survival\par"
        rb"\pard{\shp{\*\shpinst{\shptxt\pard In the box.\par}}{\shprslt old}}Beside.\par"
        rb"\pard n={\mmath{\*\moMath{\mf{\mnum{\mr 1}}{\mden{\mr 2k}}}{\msSup{\me{\mr x}}{\msup"
        rb"{\mr 2}}}}}\par{\object{\*\objdata 01}{\result Shown}}\par"
    )
    loaded = read(body)
    assert texts(loaded) == [
        ("paragraph", "Before."), ("figure", "Flow of patients"), ("figure", "Fig. 1 Survival"),
        ("paragraph", "Beside."), ("paragraph", "In the box."), ("paragraph", "n=1/2kx²"),
        ("paragraph", "Shown"),
    ]  # fmt: skip
    assert any("1 embedded objects" in warning for warning in loaded.warnings)


def test_text_for_old_readers_is_read_once() -> None:
    body = rb"\pard {\upr{ansi}{\*\ud{\uc0\u20013}}}\par"
    assert texts(read(body)) == [("paragraph", "中")]


def test_a_file_that_breaks_off_is_read_with_a_warning() -> None:
    loaded = load(Source("a.rtf", HEAD + rb"\pard Half a sent"))
    assert texts(loaded) == [("paragraph", "Half a sent")]
    assert any("breaks off" in warning for warning in loaded.warnings)


def test_properties_of_the_file() -> None:
    info = (
        rb"{\info{\title " + chinese("临床试验方案") + rb"}{\keywords GCP; trial}{\author Someone}}"
    )
    loaded = read(info + rb"\pard\f1 " + chinese("临床试验方案") + rb"\par\pard Text.\par")
    assert loaded.title == "临床试验方案"
    assert loaded.metadata == {"keywords": ("GCP", "trial")}
    assert "Someone" not in "".join(block.text for block in loaded.blocks)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"plain text", "not an RTF file"),
        (HEAD + rb"\pard\par}", "no text"),
        (b"{\\rtf1" + b"{" * 3000, "nests more than"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        load(Source("a.rtf", data))


def test_letters_that_no_formula_can_hold_do_no_harm() -> None:
    assert texts(read(rb"\pard a{\*\moMath{\m{\mr \u1?1\u-1?}}}b\par")) == [("paragraph", "a1b")]


def test_a_formula_nested_without_measure_does_no_harm() -> None:
    body = rb"\pard a{\*\moMath" + rb"{\mf{\mnum" * 700 + rb"{\mr 1}" + b"}" * 1400 + rb"}b\par"
    loaded = read(body)
    assert loaded.blocks[0].text.startswith("a")
    assert any("nested too deeply" in warning for warning in loaded.warnings)


WORDS = st.sampled_from(
    rb"{ } \par \cell \row \trowd \cellx500 \intbl \itap2 \nestcell \nestrow \u20013? \'d6\'d0 \v "
    rb"\footnote \pict \bin3 \*\x \field \fldinst \fldrslt \shptxt \listtext \upr \ud \moMath \mr "
    rb"\f1 \uc9 \header \sp text \\ \{ \fonttbl \colortbl \stylesheet ; \red255 \s1".split()
)


@given(st.lists(WORDS, max_size=60))
def test_no_sequence_of_words_breaks_the_reader(words: list[bytes]) -> None:
    try:
        loaded = load(Source("a.rtf", HEAD + b" ".join(words)))
    except BadInput:
        return
    assert all(block.text for block in loaded.blocks)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (rb"OS 14.2{\super 1,2} m", "OS 14.2[1,2] m"),
        (rb"K 10{\super -3.5}", "K 10^(-3.5)"),
        (rb"ANC 10{\up6\fs16 9}/L, 10{\up 9}/L", "ANC 10⁹/L, 10⁹/L"),
        (rb"10{\up8 9\up0 0}", "10⁹0"),
        (rb"x{\super 2\nosupersub 3}", "x²3"),
        (rb"log{\sub 10}5, log{\dn4 10}5, H{\sub 2}O", "log₁₀5, log₁₀5, H2O"),
        (rb"m{\super 2}{\super\chftn{\footnote n}}", "m²[1]"),
        (rb"2{\*\moMath{\mf{\mnum{\mr 1}}{\mden{\mr 2}}}}", "2 1/2"),
    ],
)
def test_raised_and_lowered_text_is_told_from_numbers(body: bytes, shown: str) -> None:
    assert texts(read(rb"\pard " + body + rb"\par"))[0] == ("paragraph", shown)


def test_what_was_moved_away_and_struck_out_is_left_out() -> None:
    loaded = read(
        rb"\pard Give {\mvf 100 mg }{\mvt 50 mg }daily, aged {\strike 1}{\strike 8} 20 "
        rb"{\striked1 x}{\striked0 y}{\*\moMath{\mr {\deleted 18}{\strike 19}{21}}}\par"
    )
    assert texts(loaded) == [("paragraph", "Give 50 mg daily, aged 20 y21")]
    assert "2 tracked deletions" in " ".join(loaded.warnings)
    assert "3 struck-out passages were left out" in loaded.warnings


def test_a_note_in_deleted_text_is_gone_with_it() -> None:
    loaded = read(rb"\pard a{\deleted b{\footnote n1}}{\footnote n2}\par")
    assert texts(loaded) == [("paragraph", "a¹"), ("footnote", "[1] n2")]


def test_a_deleted_end_joins_paragraphs_and_loses_none() -> None:
    row = rb"\trowd\cellx1000\cellx2000\intbl A\cell B\cell\row"
    body = rb"\pard dose 5 {\deleted\par}10 mg\par before{\deleted\par}" + row + rb"\pard end"
    assert texts(read(body + rb"{\deleted\par}")) == [
        ("paragraph", "dose 5 10 mg"), ("paragraph", "before"), ("table", "A | B"),
        ("paragraph", "end"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (rb"{\*\fldinst {SYMBOL 179 \\f \"Symbol\" \\s 12}}{\fldrslt {\f2\fs24}}", "a≥b"),
        (rb"{\*\fldinst SYMBOL 179 \\f Symbol}{\fldrslt {\f2\'b3}}", "a≥b"),
        (rb"{\*\fldinst { EQ \\f(AUC,CL)}}{\fldrslt }", "aAUC/CLb"),
        (rb"{\*\fldinst { EQ \\f(}{10{\super 9}}{,L)}}{\fldrslt }", "a10⁹/Lb"),
        (rb"{\*\fldinst { EQ \\f(1,2)}}{\fldrslt x}", "axb"),
        (rb"{\*\fldinst { EQ \\q(1)}}{\fldrslt }", "a\ufffcb"),
        (rb"{\*\fldinst { PAGE }}{\fldrslt }", "ab"),
    ],
)
def test_fields_without_a_stored_result_are_written(field: bytes, shown: str) -> None:
    loaded = read(rb"\pard a{\field" + field + rb"}b\par")
    assert texts(loaded) == [("paragraph", shown)]
    assert any("of fields" in warning for warning in loaded.warnings) == ("\ufffc" in shown)


def test_many_unicode_characters_in_one_paragraph_take_no_time() -> None:
    started = time.monotonic()
    read(rb"\pard " + rb"\u25991?" * 200_000 + rb"\par")
    assert time.monotonic() - started < 20
