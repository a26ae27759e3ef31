"""Randomisation lists."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import BadDesign, calculate
from design.randomisation import RandomisationList, make_list

SEED = "a seed for all machines"


def blocks_of(made: RandomisationList) -> list[list[str]]:
    """Arms of each block of each stratum."""
    key = lambda row: (tuple(row.stratum.items()), row.block)  # noqa: E731
    return [[row.arm for row in rows] for _, rows in itertools.groupby(made.rows, key)]


def test_a_list_is_the_same_on_every_machine() -> None:
    """Pinned: who holds the seed can make the list again at unblinding."""
    made = make_list(
        ["A", "B", "C"],
        12,
        seed=SEED,
        ratio=[2, 1, 1],
        strata={"site": ["01", "02"]},
        block_sizes=[4, 8],
    )
    assert made.digest == "6d450ae07acb1d04adc39a19cefb7f65f07ce360f0982e15478e5aa2a0b41a78"
    assert made.digest == hashlib.sha256(made.to_csv().encode()).hexdigest()


@settings(max_examples=40, deadline=None)
@given(
    ratio=st.lists(st.integers(1, 3), min_size=2, max_size=4),
    multiples=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    n=st.integers(1, 40),
    sites=st.integers(1, 3),
    seed=st.integers(),
)
def test_every_block_holds_the_ratio(
    ratio: list[int], multiples: list[int], n: int, sites: int, seed: int
) -> None:
    arms = [f"arm {i}" for i in range(len(ratio))]
    sizes = [sum(ratio) * m for m in multiples]
    levels = [f"{i:02d}" for i in range(sites)]
    made = make_list(arms, n, seed=seed, ratio=ratio, strata={"site": levels}, block_sizes=sizes)
    for block in blocks_of(made):
        counts = Counter(block)
        assert len(block) in sizes
        assert len({counts[arm] / part for arm, part in zip(arms, ratio, strict=True)}) == 1
    for site in levels:
        rows = [row for row in made.rows if row.stratum["site"] == site]
        assert n <= len(rows) < n + max(sizes)
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert len({row.number for row in made.rows}) == len(made.rows)


def test_block_lengths_are_mixed() -> None:
    made = make_list(["A", "B"], 200, seed=SEED, block_sizes=[2, 4, 6])
    assert {len(block) for block in blocks_of(made)} == {2, 4, 6}


def test_a_site_added_later_leaves_the_others_alone() -> None:
    def sequence(sites: list[str]) -> list[str]:
        made = make_list(["A", "B"], 30, seed=SEED, strata={"site": sites}, block_sizes=[4, 6])
        return [row.arm for row in made.rows if row.stratum["site"] == "07"]

    assert sequence(["07"]) == sequence(["01", "07", "09"])


def test_schemes_balance_as_they_should() -> None:
    """Efron and Wei pull towards balance, a fair coin does not; of many lists, on average."""
    ends = {}
    for scheme in ("simple", "urn", "biased_coin"):
        lists = [make_list(["A", "B"], 40, seed=i, scheme=scheme).balance()[0] for i in range(150)]
        ends[scheme] = sum(found["imbalance"] for found in lists) / len(lists)
    assert ends["biased_coin"] < ends["urn"] < ends["simple"]
    # |A - B| of 40 fair draws: sqrt(2 x 40 / pi) = 5.05 on average
    assert ends["simple"] == pytest.approx(5.05, abs=1)


def test_balance_counts_what_a_guesser_gets_right() -> None:
    found = make_list(["A", "B"], 400, seed=SEED, block_sizes=[2]).balance()[0]
    # blocks of two: the first of each is a coin toss, the second is known
    assert found["guessed"] == 0.75 and found["largest_imbalance"] == 1
    assert found["counts"] == {"A": 200, "B": 200}


def test_the_csv_can_be_read_and_hides_the_blocks() -> None:
    made = make_list(["试验组", "对照组"], 4, seed=SEED, strata={"中心": ["01"]}, block_sizes=[4])
    rows = list(csv.DictReader(io.StringIO(made.to_csv())))
    assert list(rows[0]) == ["number", "中心", "position", "arm"]
    assert rows[0]["number"] == "R00001" and rows[0]["arm"] in {"试验组", "对照组"}
    assert "block" in made.to_csv(blocks=True).splitlines()[0]


def test_what_the_protocol_quotes_is_sealed() -> None:
    given = {
        "arms": ["试验组", "对照组"],
        "n": 60,
        "seed": "9713826450917382",
        "strata": {"中心": ["甲院", "乙院"]},
        "block_sizes": [14, 18],
    }
    result = calculate("randomisation_list", given)
    public = [result.sentence, result.title, *result.conventions, *result.warnings]
    said = json.dumps([text.to_json() for text in public], ensure_ascii=False)
    assert result.outputs["sha256"] in said
    said = said.replace(result.outputs["sha256"], "")
    for secret in ("9713826450917382", "14", "18", "R0000"):
        assert secret not in said
    assert "1:1" in said and "中心" in said


def test_the_digest_told_is_that_of_the_list() -> None:
    given = {"arms": ["A", "B"], "n": 10, "seed": 3, "block_sizes": [4]}
    result = calculate("randomisation_list", given)
    assert result.outputs["sha256"] == make_list(["A", "B"], 10, seed=3, block_sizes=[4]).digest
    assert sum(result.outputs["n_by_arm"]) == result.outputs["rows"] == 12
    assert len(result.warnings) == 2  # short seed, one block length


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"block_sizes": None}, "block_sizes"),
        ({"block_sizes": [3]}, "block_sizes"),
        ({"scheme": "simple"}, "block_sizes"),
        ({"scheme": "urn", "block_sizes": None, "ratio": [2, 1]}, "ratio"),
        ({"scheme": "biased_coin", "block_sizes": None, "arms": ["A", "B", "C"]}, "arms"),
        ({"ratio": [1, 1, 1]}, "ratio"),
        ({"arms": ["A", "A"]}, "arms"),
        ({"strata": {"site": ["01", "01"]}}, "strata"),
        ({"strata": {"arm": ["01"]}}, "strata"),
        ({"strata": {"site": [str(i) for i in range(20_000)]}}, "strata"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], field: str) -> None:
    given = {"arms": ["A", "B"], "n": 20, "seed": SEED, "block_sizes": [4]}
    with pytest.raises(BadDesign) as told:
        calculate("randomisation_list", given | change)
    assert told.value.field == field


@settings(max_examples=30, deadline=None)
@given(
    scheme=st.sampled_from(["simple", "urn", "biased_coin"]),
    arms=st.integers(2, 5),
    n=st.integers(1, 60),
    probability=st.floats(0.5, 1),
    start=st.integers(1, 5),
    added=st.integers(0, 5),
)
def test_a_list_or_a_reason(
    scheme: str, arms: int, n: int, probability: float, start: int, added: int
) -> None:
    given = {"arms": [f"arm {i}" for i in range(arms)], "n": n, "seed": SEED, "scheme": scheme}
    given |= {"probability": probability, "urn_start": start, "urn_added": added}
    try:
        found = calculate("randomisation_list", given).outputs
    except BadDesign:
        assert scheme == "biased_coin" and arms != 2
        return
    assert found["rows"] == n == sum(found["n_by_arm"])
