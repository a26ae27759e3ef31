from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.registry.criteria import split_criteria, split_eligibility


def _texts(text: str) -> list[str]:
    return [item.text for item in split_criteria(text, "/x")]


def _sides(text: str, *, wrapped: bool = False) -> tuple[list[str], list[str], list[str]]:
    found = split_eligibility(text, "/x", wrapped=wrapped)
    inclusion, exclusion, unsorted = (
        [item.text for item in side] for side in (found.inclusion, found.exclusion, found.unsorted)
    )
    return inclusion, exclusion, unsorted


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria:",
        "EXCLUSION CRITERIA",
        "**Exclusion criteria:**",
        "Key Exclusion Criteria:",
        "4.2 Exclusion criteria",
        "Exclusion Criteria for part 2",
        "Exclusion Criteria-",
        "Criteria for Exclusion:",
        "Summary Criteria for Exclusion:",
        "Non-inclusion Criteria:",
        "Patients who meet any of the following criteria were excluded from the study:",
        "Patients must not meet the following exclusion criteria:",
        "排除标准：",
    ],
)
def test_what_stands_under_an_exclusion_heading_is_exclusion(heading: str) -> None:
    inclusion, exclusion, unsorted = _sides(
        f"Inclusion Criteria:\n\n* Fever\n\n{heading}\n\n* Rash"
    )
    assert (inclusion, exclusion, unsorted) == (["Fever"], ["Rash"], [])


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n\n-  Fever (any scale) Exclusion Criteria\n\n-  Rash",
        "Inclusion Criteria:\n\n-  Fever (any scale) Exclusion\nCriteria:\n\n-  Rash",
        "Inclusion Criteria: - Fever (any scale) Exclusion Criteria: - Rash",
    ],
)
def test_a_heading_lost_in_a_wrapped_line_is_found(text: str) -> None:
    assert _sides(text, wrapped=True)[:2] == (["Fever (any scale)"], ["Rash"])


@pytest.mark.parametrize(
    "text",
    [
        "* Not fulfilling any of the inclusion criteria",
        "* Meets Inclusion/Exclusion Criteria of the main study",
        "* Other protocol defined inclusion and exclusion criteria may apply",
    ],
)
def test_a_criterion_that_speaks_of_criteria_is_no_heading(text: str) -> None:
    _, exclusion, _ = _sides(f"Inclusion Criteria:\n* Fever\nExclusion Criteria:\n{text}\n* Rash")
    assert exclusion == [text[2:], "Rash"]


def test_text_under_no_heading_is_on_no_side() -> None:
    assert _sides("- Fever\n- Rash") == ([], [], ["Fever", "Rash"])


def test_wrapped_lines_are_one_criterion() -> None:
    text = "Inclusion Criteria:\n\n-  Fever for at\nleast 3 days\n\n2. Non-\nsmoker"
    assert _sides(text, wrapped=True)[0] == ["Fever for at least 3 days", "2. Non-smoker"]


def test_a_wrapped_line_that_looks_like_an_item_is_none() -> None:
    text = "1. Children (12 to\n18) with fever\n2. Weight 40\n- 65 kg\n\n3. Drugs\n(e.g. aspirin)"
    assert _sides(text, wrapped=True)[2] == [
        "1. Children (12 to 18) with fever",
        "2. Weight 40 - 65 kg",
        "3. Drugs (e.g. aspirin)",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Fever; 2. Rash; 3. Age 18.5-60", ["1. Fever;", "2. Rash;", "3. Age 18.5-60"]),
        ("（1）发热；（2）皮疹。", ["（1）发热；", "（2）皮疹。"]),
        ("Inclusion criteria: 1) Fever;\n2) Rash", ["1) Fever;", "2) Rash"]),
        ("Fever of 38.5 for 2. 5 days", ["Fever of 38.5 for 2. 5 days"]),
        ("①发热\n②皮疹", ["①发热", "②皮疹"]),
        ("- Fever. - Rash. - Age 18 - 65", ["Fever.", "Rash.", "Age 18 - 65"]),
    ],
)
def test_numbered_and_bulleted_criteria(text: str, expected: list[str]) -> None:
    assert _texts(text) == expected


def test_sub_items_stay_with_their_criterion() -> None:
    assert _texts("1. Any of:\n(1) cough;\n(2) rash;\n2. Consent") == [
        "1. Any of:\n(1) cough;\n(2) rash;",
        "2. Consent",
    ]
    assert _texts("* Any of:\n  * cough\n  * rash\n* Consent") == [
        "Any of:\n* cough\n* rash",
        "Consent",
    ]


def test_criteria_know_their_group() -> None:
    found = split_criteria("Patients:\n1. Fever\nControls:\n1. No fever", "/x")
    assert [(item.group, item.text) for item in found] == [
        ("Patients:", "1. Fever"),
        ("Controls:", "1. No fever"),
    ]


def test_a_heading_with_a_qualifier_names_the_group() -> None:
    found = split_eligibility("Exclusion Criteria for donors:\n* Rash", "/x")
    assert [item.group for item in found.exclusion] == ["Exclusion Criteria for donors:"]


_PIECES = st.sampled_from(
    ["Fever", "age 18-65", "皮疹", "- ", "* ", "1. ", "2. ", "（1）", "\n", "\n\n", "  ", ": ",
     "; ", "Exclusion of", "any of:", "Group A:"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=30).map("".join), st.booleans())
def test_no_word_is_lost(text: str, wrapped: bool) -> None:
    found = split_eligibility(text, "/x", wrapped=wrapped)
    criteria = (*found.unsorted, *found.inclusion, *found.exclusion)
    kept = " ".join(f"{item.group or ''} {item.text}" for item in criteria)
    for word in ("Fever", "age", "皮疹", "Group"):
        assert (word in text) == (word in kept)
    for item in criteria:
        squeezed = re.sub(r"[\s*-]", "", item.text)
        assert squeezed in re.sub(r"[\s*-]", "", text)
