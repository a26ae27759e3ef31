"""Captions above, below and apart from their tables."""

from __future__ import annotations

from ingest.layout.tables_around import (
    caption_above,
    captions_below,
    captions_by_place,
    is_caption_text,
    is_note,
)
from ingest.model import Block, Locator, Table
from ingest.tables import table_block


def table(y0: float, y1: float, caption: str | None = None) -> Block:
    cells = Table((("a", "b"), ("1", "2")), 1, caption)
    return table_block(cells, Locator(page=1, bbox=(50, y0, 500, y1)))


def words(text: str, y0: float, kind: str = "paragraph") -> Block:
    return Block(kind, text, Locator(page=1, bbox=(50, y0, 300, y0 + 10)))  # type: ignore[arg-type]


def test_captions_between_tables_belong_to_the_tables_above_if_the_first_has_none() -> None:
    blocks = [
        table(100, 200),
        table(230, 300, "Table 1 Doses"),
        words("Table 2 Visits", 305),
        words("Text.", 400),
    ]
    done = captions_below(blocks)
    assert [b.table.caption for b in done if b.table] == ["Table 1 Doses", "Table 2 Visits"]
    assert done[0].text.startswith("Table 1 Doses\n")
    assert done[2].text == "Text."


def test_a_caption_apart_from_its_table_is_found_by_its_place() -> None:
    blocks = [
        words("Table 3", 480),
        words("Doses of both arms", 492),
        Block("paragraph", "Right column.", Locator(page=1, bbox=(310, 50, 500, 470))),
        table(506, 600),
    ]
    done = captions_by_place(blocks)
    assert [b.kind for b in done] == ["paragraph", "table"]
    assert done[1].table is not None
    assert done[1].table.caption == "Table 3 Doses of both arms"


def test_text_far_from_a_table_is_no_caption() -> None:
    blocks = [words("Table 3 Doses", 300), table(506, 600)]
    assert captions_by_place(blocks) == blocks
    assert captions_below([table(100, 200), words("Table 3 Doses", 300)])[1].text == "Table 3 Doses"


def test_captions_and_sentences() -> None:
    assert is_caption_text("Table 1 List of deviations")
    assert is_caption_text("表2 剂量水平")
    assert is_caption_text("续表2")
    assert not is_caption_text("Table 1 lists the deviations.")
    assert not is_caption_text("表2所示为剂量水平。")
    assert caption_above([words("Text.", 10), words("Table 4.", 20), words("Doses", 30)]) == 2
    assert caption_above([words("Text.", 10), words("Doses", 30)]) == 0


def test_notes_follow_tables_only() -> None:
    assert is_note("* Only at selected sites.", 10, 10, "table")
    assert is_note("注：仅限部分中心。", 10, 10, "table")
    assert is_note("a Only at selected sites.", 8, 10, "footnote")
    assert not is_note("a Only at selected sites.", 10, 10, "table")
    assert not is_note("* Only at selected sites.", 10, 10, "paragraph")
    assert not is_note("The dose was chosen.", 8, 10, "table")
