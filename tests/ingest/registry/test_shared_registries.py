"""Over the real records beside the checkout."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest

from ingest.loaders.base import Loaded, Source
from ingest.registry import members, recognise
from tests.ingest.registry.studies import texts


def _load(path: Path) -> dict[str, Loaded]:
    data = path.read_bytes()
    kind = recognise(path.name, data[:8192])
    assert kind is not None
    found: dict[str, Loaded] = {}
    for name, loaded in members(kind, Source(path.name, data)):
        assert isinstance(loaded, Loaded), name
        found[name] = loaded
    return found


def _count(found: dict[str, Loaded], section: str) -> list[int]:
    return [len(texts(loaded, section)) for loaded in found.values()]


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "records", "pattern"),
    [
        ("ctgov_trials.jsonl", 3265, r"NCT\d{8}"),
        ("chictr_records.jsonl", 733, r"ChiCTR[-\w]*\d{8,10}"),
        ("ChiCTR2000034346.xml", 1, r"ChiCTR2000034346"),
    ],
)
def test_every_record_loads(shared: Path, name: str, records: int, pattern: str) -> None:
    found = _load(shared / "trials" / name)
    assert len(found) == records
    assert all(re.fullmatch(pattern, number) for number in found)
    for number, loaded in found.items():
        assert loaded.metadata["document_number"] == number
        assert loaded.metadata["kind"] == "registry"
        assert loaded.title and loaded.title != number
        assert all(block.text and block.locator.path for block in loaded.blocks)


@pytest.mark.slow
@pytest.mark.shared
def test_counts_of_criteria_are_plausible(shared: Path) -> None:
    flat = _load(shared / "trials" / "ctgov_trials.jsonl")
    inclusion, exclusion = _count(flat, "纳入标准"), _count(flat, "排除标准")
    assert 4 <= median(inclusion) <= 8 and 6 <= median(exclusion) <= 12
    assert inclusion.count(0) < 50 and exclusion.count(0) < 80
    chictr = _load(shared / "trials" / "chictr_records.jsonl")
    inclusion, exclusion = _count(chictr, "纳入标准"), _count(chictr, "排除标准")
    assert min(inclusion) >= 1 and min(exclusion) >= 1
    assert median(inclusion) >= 3 and median(exclusion) >= 3


@pytest.mark.slow
@pytest.mark.shared
def test_no_exclusion_heading_is_left_among_the_inclusion_criteria(shared: Path) -> None:
    flat = _load(shared / "trials" / "ctgov_trials.jsonl")
    left = [
        number
        for number, loaded in flat.items()
        if any(re.match(r"Exclusion Criteria\b", text) for text in texts(loaded, "纳入标准"))
    ]
    assert len(left) <= 3
