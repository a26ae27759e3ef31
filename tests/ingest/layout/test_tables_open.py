"""Tables with level rules only, and what merely looks like them."""

from __future__ import annotations

from reportlab.lib import colors
from reportlab.platypus import BalancedColumns, HRFlowable

from tests.ingest.layout.pdfs import (
    CHINESE,
    PROSE,
    THREE_LINES,
    blocks_of,
    gap,
    table,
    tables_of,
    text,
)


def test_three_line_tables_with_wrapped_cells() -> None:
    rows = [
        ["Characteristic", "Summary", "Categories"],
        ["Sex", "Number and per cent", "Male, female"],
        ["Body mass index at the baseline visit", "Mean", "Below 25, 25 to 30, above 30 kg/m2"],
        ["Region", "Number", "As in the appendix"],
    ]
    blocks = blocks_of(
        text(PROSE), gap(), text("Table 4 Baseline"), gap(4),
        table(rows, [110, 110, 110], *THREE_LINES), gap(), text(PROSE),
    )  # fmt: skip
    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    (found,) = tables_of(blocks)
    assert found.rows == tuple(map(tuple, rows))
    assert (found.header_rows, found.caption) == (1, "Table 4 Baseline")


def test_chinese_three_line_table() -> None:
    rows = [
        ["分级", "描述"],
        ["可能融合", "骨移植物明显吸收，或者融合区可以见到较大的透亮带或者空隙"],
        ["完全融合", "融合区骨密度高于术中所见并且更为成熟"],
    ]
    blocks = blocks_of(
        text("表1 影像学分级", CHINESE), gap(4), table(rows, [100, 150], *THREE_LINES, look=CHINESE)
    )
    (found,) = tables_of(blocks)
    assert found.rows == tuple(map(tuple, rows))
    assert (found.header_rows, found.caption) == (1, "表1 影像学分级")


def test_a_rule_gathers_the_heads_below_it() -> None:
    rows = [
        ["Baseline", "After treatment", ""],
        ["", "Better", "Worse"],
        ["1", "0", "3 or more"],
        ["2", "1", "4 or more"],
        ["3", "1", "5 or more"],
    ]
    style = [
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (1, 0), (2, 0), 0.5, colors.black),
        ("LINEBELOW", (0, 1), (-1, 1), 0.5, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
        ("SPAN", (1, 0), (2, 0)),
        ("ALIGN", (1, 0), (2, 0), "CENTER"),
    ]
    (found,) = tables_of(blocks_of(table(rows, [100, 100, 100], *style, heads=2)))
    assert found.rows[:2] == (
        ("Baseline", "After treatment", "After treatment"),
        ("Baseline", "Better", "Worse"),
    ) or found.rows[:2] == (
        ("Baseline", "After treatment", "After treatment"),
        ("", "Better", "Worse"),
    )
    assert found.rows[2:] == tuple(map(tuple, rows[2:]))
    assert found.header_rows == 2


def test_tables_without_any_rule() -> None:
    rows = [["Dose level", "Dose", "Patients"], ["1", "10 mg", "3"], ["2", "20 mg", "6"]]
    (found,) = tables_of(blocks_of(text(PROSE), gap(), table(rows, [100, 100, 100])))
    assert found.rows == tuple(map(tuple, rows))
    assert found.header_rows == 1


def test_text_in_two_columns_between_two_rules_is_text() -> None:
    line = HRFlowable(width="100%", color=colors.black, spaceBefore=0, spaceAfter=6)
    columns = BalancedColumns([text(PROSE * 6), gap(6), text(PROSE * 6)], nCols=2)
    blocks = blocks_of(line, columns, gap(4), line)
    assert "table" not in {block.kind for block in blocks}


def test_lists_and_contents_between_rules_are_no_tables() -> None:
    items = [["•", "Signed consent before any procedure"], ["•", "Age of eighteen or more"]] * 3
    entries = [[f"{n} Chapter {'.' * 60}", str(n)] for n in range(1, 7)]
    for rows, widths in ((items, [20, 300]), (entries, [340, 40])):
        style = [THREE_LINES[0], THREE_LINES[2]]
        blocks = blocks_of(text(PROSE), gap(), table(rows, widths, *style, heads=0, bold=False))
        assert "table" not in {block.kind for block in blocks}


def test_addresses_side_by_side_keep_all_their_words() -> None:
    rows = [["Sponsor", "Investigator"], ["Example Ltd", "Dr Someone"], ["Street 1", "Road 2"]]
    blocks = blocks_of(text(PROSE), gap(), table(rows, [200, 200], heads=0))
    words = " ".join(block.text for block in blocks)
    assert all(cell in words for row in rows for cell in row)


def test_names_side_by_side_are_no_table() -> None:
    rows = [["Ann Example", "Bob Example"], ["Statistician", "Physician"]]
    blocks = blocks_of(text(PROSE), gap(), table(rows, [200, 200], heads=0))
    assert "table" not in {block.kind for block in blocks}
    assert all(cell in " ".join(b.text for b in blocks) for row in rows for cell in row)


def test_labels_in_the_middle_of_their_rows() -> None:
    rows = [
        ["Characteristic", "Summary", "Categories"],
        ["Sex", "Number", "Male<br/>Female"],
        ["Age", "Mean", "Below 65<br/>65 to 75<br/>Above 75"],
        ["Region", "Number", "Asia<br/>Europe"],
    ]
    middle = ("VALIGN", (0, 0), (-1, -1), "MIDDLE")
    (found,) = tables_of(blocks_of(table(rows, [100, 100, 100], *THREE_LINES, middle)))
    assert found.rows[1:] == (
        ("Sex", "Number", "Male Female"),
        ("Age", "Mean", "Below 65 65 to 75 Above 75"),
        ("Region", "Number", "Asia Europe"),
    )
