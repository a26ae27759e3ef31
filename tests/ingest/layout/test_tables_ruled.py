"""Ruled tables of synthetic PDFs come out cell by cell."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.loaders.base import Source
from ingest.loaders.pdf import load
from tests.ingest.layout.pdfs import (
    BOLD,
    CHINESE,
    GRID,
    PROSE,
    blocks_of,
    gap,
    table,
    tables_of,
    text,
)

LONG = "Weight, height and body mass index measured in light clothing without shoes"
ZH_LONG = "受试者在筛选期签署知情同意书后完成全部入组前检查方可随机分组"


def test_wrapped_cells_are_one_text_and_empty_cells_stay() -> None:
    rows = [
        ["Procedure", "Screening", "Week 4"],
        [LONG, "X", ""],
        ["12-lead ECG", "", "X"],
    ]
    (found,) = tables_of(blocks_of(table(rows, [140, 80, 80], GRID)))
    assert found.rows == tuple(map(tuple, rows))
    assert found.header_rows == 1


def test_chinese_cells_are_joined_without_blanks() -> None:
    rows = [["访视", "内容"], ["筛选期", ZH_LONG], ["基线", "随机分组"]]
    blocks = blocks_of(
        text("表1 访视安排", CHINESE), gap(4), table(rows, [80, 160], GRID, look=CHINESE)
    )
    (found,) = tables_of(blocks)
    assert found.rows == tuple(map(tuple, rows))
    assert (found.header_rows, found.caption) == (1, "表1 访视安排")


def test_spanning_heads_name_all_their_columns() -> None:
    rows = [
        ["Assessment", "Treatment period", "", "Follow-up"],
        ["", "Day 1", "Week 4", ""],
        ["Vital signs", "X", "X", "X"],
        ["ECG", "X", "", "X"],
        ["Height", "X", "", ""],
    ]
    spans = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), ("SPAN", (3, 0), (3, 1))]
    (found,) = tables_of(blocks_of(table(rows, [110, 70, 70, 70], GRID, *spans, bold=False)))
    assert found.rows[:3] == (
        ("Assessment", "Treatment period", "Treatment period", "Follow-up"),
        ("Assessment", "Day 1", "Week 4", "Follow-up"),
        ("Vital signs", "X", "X", "X"),
    )
    assert found.header_rows == 2


def test_labels_over_several_rows_are_repeated_and_group_headings_are_not() -> None:
    rows = [
        ["Dose level", "Cohort", "Dose"],
        ["Part A", "", ""],
        ["Level 1", "1a", "10 mg"],
        ["", "1b", "20 mg"],
    ]
    spans = [("SPAN", (0, 1), (2, 1)), ("SPAN", (0, 2), (0, 3))]
    (found,) = tables_of(blocks_of(table(rows, [100, 80, 80], GRID, *spans)))
    assert found.rows[1:] == (
        ("Part A", "", ""),
        ("Level 1", "1a", "10 mg"),
        ("Level 1", "1b", "20 mg"),
    )


def test_all_head_rows_of_a_schedule_are_counted() -> None:
    rows = [
        ["Visit", "1", "2", "3"],
        ["Day", "-14", "0", "28"],
        ["Window (days)", "", "", "±3"],
        *([name, "X", "X", "X"] for name in ("Consent", "Vital signs", "ECG")),
    ]
    (found,) = tables_of(blocks_of(table(rows, [110, 50, 50, 50], GRID, heads=2)))
    assert found.header_rows == 3
    assert found.rows[3] == ("Consent", "X", "X", "X")


def test_heads_that_run_upwards_stand_in_their_columns() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400))
    for y in (350, 250, 230, 210):
        canvas.line(40, y, 260, y)
    for x in (40, 180, 220, 260):
        canvas.line(x, 350, x, 210)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(44, 300, "Activity")
    for x, words in ((204, "Screening visit"), (244, "Final visit")):
        canvas.saveState()
        canvas.translate(x, 260)
        canvas.rotate(90)
        canvas.drawString(0, 0, words)
        canvas.restoreState()
    for y, row in ((236, ("Consent", "X", "")), (216, ("Height", "X", "X"))):
        for x, cell in zip((44, 196, 236), row, strict=True):
            canvas.drawString(x, y, cell)
    canvas.save()
    (block,) = load(Source("turned.pdf", buffer.getvalue())).blocks
    assert block.table is not None
    assert block.table.rows == (
        ("Activity", "Screening visit", "Final visit"),
        ("Consent", "X", ""),
        ("Height", "X", "X"),
    )


def test_underlined_words_part_no_rows() -> None:
    rows = [
        ["Item", "Text"],
        ["1", "<u>" + LONG + " and once more with</u> feeling in the whole cell"],
        ["2", "plain"],
    ]
    (found,) = tables_of(blocks_of(table(rows, [60, 150], GRID)))
    assert len(found.rows) == 3
    assert found.rows[1][1].endswith("feeling in the whole cell")


def test_words_broken_by_narrow_cells_are_mended() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400))
    canvas.setFont("Helvetica", 9)
    canvas.drawString(40, 370, "The screening visit comes first.")
    for y in (350, 320, 300):
        canvas.line(40, y, 140, y)
    for x in (40, 80, 140):
        canvas.line(x, 350, x, 300)
    for x, y, words in (
        (44, 339, "Scree"), (44, 328, "ning"), (84, 339, "Week 4"), (44, 306, "X"), (84, 306, "X"),
    ):  # fmt: skip
        canvas.drawString(x, y, words)
    canvas.save()
    (found,) = tables_of(load(Source("narrow.pdf", buffer.getvalue())).blocks)
    assert found.rows == (("Screening", "Week 4"), ("X", "X"))


def test_two_rows_between_two_rules_are_parted() -> None:
    rows = [
        ["CKD stage", "eGFR"],
        ["2", "60-89"],
        ["3a<br/>3b", "45-59<br/>30-44"],
        ["4", "15-29"],
    ]
    (found,) = tables_of(blocks_of(table(rows, [80, 80], GRID)))
    assert found.rows[2:4] == (("3a", "45-59"), ("3b", "30-44"))


@pytest.mark.parametrize("note", ["a Only at selected sites.", "Note: ECG in triplicate."])
def test_notes_stand_beside_their_table(note: str) -> None:
    rows = [["Visit", "Week"], ["1", "0"], ["2", "4"]]
    small = BOLD.clone("small", fontName="Helvetica", fontSize=7, leading=9)
    blocks = blocks_of(
        text(PROSE * 3), gap(), table(rows, [80, 80], GRID), text(note, small), gap(), text(PROSE)
    )
    assert [block.kind for block in blocks] == ["paragraph", "table", "footnote", "paragraph"]
    assert blocks[2].text == note


def test_a_frame_around_text_is_no_table() -> None:
    framed = table([[PROSE * 3]], [400], GRID)
    assert {block.kind for block in blocks_of(framed)} == {"paragraph"}


def test_a_caption_may_stand_below() -> None:
    rows = [["Visit", "Week"], ["1", "0"], ["2", "4"]]
    blocks = blocks_of(
        text(PROSE), gap(), table(rows, [80, 80], GRID), gap(4), text("Table 2. Visits"),
        gap(20), text(PROSE),
    )  # fmt: skip
    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    assert tables_of(blocks)[0].caption == "Table 2. Visits"


def test_a_sentence_about_a_table_is_no_caption() -> None:
    rows = [["Visit", "Week"], ["1", "0"], ["2", "4"]]
    blocks = blocks_of(text("Table 2 shows the visits."), gap(4), table(rows, [80, 80], GRID))
    assert [block.kind for block in blocks] == ["paragraph", "table"]
    assert tables_of(blocks)[0].caption is None


def test_lines_side_by_side_without_rules_are_rows() -> None:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    places = ["right or left arm", "upper back", "lower back", "right thigh", "upper chest"]
    rows = [["Day", "Patch location"], ["<br/>".join(days), "<br/>".join(places)]]
    (found,) = tables_of(blocks_of(table(rows, [100, 160], GRID)))
    assert found.rows == (("Day", "Patch location"), *zip(days, places, strict=True))


def test_lists_of_different_length_stay_in_their_cells() -> None:
    rows = [["Haematology", "Chemistry"], ["Red cells<br/>White cells<br/>Platelets", "Albumin"]]
    (found,) = tables_of(blocks_of(table(rows, [100, 160], GRID)))
    assert found.rows[1] == ("Red cells White cells Platelets", "Albumin")


def test_the_number_may_stand_above_the_title() -> None:
    rows = [["Visit", "Week"], ["1", "0"], ["2", "4"]]
    blocks = blocks_of(
        text(PROSE), gap(), text("Table 2"), gap(2), text("Visits of the trial"), gap(4),
        table(rows, [80, 80], GRID),
    )  # fmt: skip
    assert [block.kind for block in blocks] == ["paragraph", "table"]
    assert tables_of(blocks)[0].caption == "Table 2 Visits of the trial"


def test_the_number_of_a_visit_is_no_page_number() -> None:
    rows = [["Visit", "1"], ["Day", "0"], ["Window", "±3"]]
    (found,) = tables_of(blocks_of(table(rows, [80, 80], GRID, heads=0, bold=False)))
    assert found.rows[0] == ("Visit", "1")
