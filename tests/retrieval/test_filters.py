from __future__ import annotations

import pytest

from ingest.model import Metadata
from retrieval import BadFilter, Filters, StoredDocument


@pytest.mark.parametrize(
    ("pairs", "filters"),
    [
        ([], Filters()),
        (["kind=law"], Filters(kind=frozenset({"law"}))),
        (
            [" kind = law , guideline ", "kind=paper"],
            Filters(kind=frozenset({"law", "guideline", "paper"})),
        ),
        (
            ["issuer=国务院", "status=any"],
            Filters(issuer=frozenset({"国务院"}), status=frozenset({"any"})),
        ),
        (
            ["document=abc123", "language=zh", "jurisdiction=CN"],
            Filters(
                document=frozenset({"abc123"}),
                language=frozenset({"zh"}),
                jurisdiction=frozenset({"CN"}),
            ),
        ),
        (
            ["from=2020-01-01", "to=2021-12-31"],
            Filters(issued_from="2020-01-01", issued_to="2021-12-31"),
        ),
        (["issuer=a=b"], Filters(issuer=frozenset({"a=b"}))),
    ],
)
def test_filters_are_read_from_pairs(pairs: list[str], filters: Filters) -> None:
    assert Filters.parse(pairs) == filters


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("kind", "not KEY=VALUE with KEY one of kind, issuer"),
        ("colour=red", "not KEY=VALUE"),
        ("=law", "not KEY=VALUE"),
        ("", "not KEY=VALUE"),
        ("kind=", "not KEY=VALUE"),
        ("from=", "not KEY=VALUE"),
        ("kind=,", "not KEY=VALUE"),
        ("from=2020", "not a date like 2025-01-31"),
        ("to=2020-13-01", "not a date"),
        ("to=yesterday", "not a date"),
        ("status=efective", "efective is not one of any, current, draft, effective"),
        ("kind=regulations", "regulations is not one of data, endpoint"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(pair: str, message: str) -> None:
    with pytest.raises(BadFilter, match=message):
        Filters.parse([pair])


def document(id: str = "abcdef123", **metadata: object) -> StoredDocument:
    return StoredDocument(
        1, id, "p", "/p", "text/plain", "0" * 64, 1, None, Metadata(**metadata), (), "", 1, 1
    )


@pytest.mark.parametrize(
    ("filters", "status", "allowed"),
    [
        (Filters(), "effective", True),
        (Filters(), "current", True),
        (Filters(), "draft", True),
        (Filters(), "superseded", False),
        (Filters(), "not_yet_effective", False),
        (Filters(status=frozenset({"any"})), "superseded", True),
        (Filters(status=frozenset({"superseded", "draft"})), "superseded", True),
        (Filters(status=frozenset({"draft"})), "effective", False),
    ],
)
def test_what_is_not_in_force_stays_out_unless_asked_for(
    filters: Filters, status: str, allowed: bool
) -> None:
    assert filters.allow(document(), status) is allowed


@pytest.mark.parametrize(
    ("pair", "allowed"),
    [
        ("kind=law", True),
        ("kind=paper", False),
        ("kind=paper,law", True),
        ("issuer=国务院", True),
        ("issuer=国务", False),
        ("jurisdiction=CN", True),
        ("language=en", False),
        ("document=abc", True),
        ("document=bcd", False),
        ("document=zzz,abcdef123", True),
        ("from=2020-01-01", True),
        ("from=2020-01-02", False),
        ("to=2020-01-01", True),
        ("to=2019-12-31", False),
    ],
)
def test_a_document_must_fit_every_filter(pair: str, allowed: bool) -> None:
    stored = document(
        kind="law", issuer="国务院", jurisdiction="CN", language="zh", version_date="2020-01-01"
    )
    assert Filters.parse([pair]).allow(stored, "current") is allowed
    assert not Filters.parse([pair, "status=draft"]).allow(stored, "current")


@pytest.mark.parametrize("pair", ["from=2000-01-01", "to=2030-01-01"])
def test_a_document_without_a_date_lies_in_no_period(pair: str) -> None:
    assert not Filters.parse([pair]).allow(document(), "current")


def test_filters_can_be_remembered() -> None:
    assert {Filters.parse(["kind=law,data"]): 1}[Filters.parse(["kind=data", "kind=law"])] == 1
