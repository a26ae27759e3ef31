"""What the document model writes as JSON and reads back."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import (
    Locator,
    Metadata,
    Table,
    locator_from_json,
    metadata_from_json,
    table_from_json,
    to_json,
)

WORD = st.text(max_size=8)
MAYBE = st.none() | WORD
NUMBER = st.none() | st.integers(0, 9999)
LOCATORS = st.builds(
    Locator,
    page=NUMBER,
    bbox=st.none() | st.tuples(*[st.floats(0, 900, allow_nan=False)] * 4),
    section=MAYBE,
    sheet=MAYBE,
    cells=MAYBE,
    path=MAYBE,
    line=NUMBER,
)
LISTS = st.lists(WORD, max_size=3).map(tuple)
METADATA = st.builds(
    Metadata,
    title=MAYBE,
    kind=st.none() | st.sampled_from(["law", "protocol"]),
    issued=MAYBE,
    keywords=LISTS,
    repeals=LISTS,
    draft=st.booleans(),
    doubtful_names=LISTS,
    identifiers=LISTS,
)
TABLES = st.builds(
    Table,
    rows=st.lists(st.lists(WORD, min_size=2, max_size=2).map(tuple), max_size=3).map(tuple),
    header_rows=st.integers(0, 2),
    caption=MAYBE,
)


def through_json(value: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(to_json(value)))
    return data


@given(LOCATORS)
@settings(max_examples=50)
def test_a_locator_is_read_back(locator: Locator) -> None:
    assert locator_from_json(through_json(locator)) == locator


@given(METADATA)
@settings(max_examples=50)
def test_metadata_is_read_back(metadata: Metadata) -> None:
    assert metadata_from_json(through_json(metadata)) == metadata


@given(TABLES)
@settings(max_examples=50)
def test_a_table_is_read_back(table: Table) -> None:
    assert table_from_json(through_json(table)) == table


def test_empty_fields_are_not_written() -> None:
    assert to_json(Metadata(title="药品管理法", draft=False)) == {"title": "药品管理法"}


def test_zero_is_not_empty() -> None:
    assert to_json(Table(rows=(("a",),), header_rows=0))["header_rows"] == 0


def test_fields_of_a_newer_version_are_passed_over() -> None:
    assert locator_from_json({"page": 3, "paragraph": 7}) == Locator(page=3)
    assert metadata_from_json({"title": "t", "owner": "x"}) == Metadata(title="t")


def test_names_are_all_a_document_goes_by() -> None:
    metadata = Metadata(title="方案", title_en="Protocol", label="DAPA", identifiers=("NCT1",))
    assert metadata.names.splitlines() == ["方案", "Protocol", "DAPA", "NCT1"]
