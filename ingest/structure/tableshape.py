"""Small shapes of tables that loaders build themselves."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.model import Block, Locator
from ingest.tables import make_table, split_rows, table_block


def filled_table(
    rows: Sequence[Sequence[str]], caption: str, locator: Locator, flags: tuple[str, ...] = ()
) -> list[Block]:
    """Blocks of a table with one header row; columns without a value below it are left out.

    Returns nothing when there is no row below the header.
    """
    if len(rows) < 2:
        return []
    width = max(len(row) for row in rows)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    used = [column for column in range(width) if any(row[column] for row in padded[1:])]
    table = make_table([[row[column] for column in used] for row in padded], 1, caption)
    if table is None:
        return []
    return [table_block(part, locator, flags) for _, part in split_rows(table)]
