"""Randomisation lists: one for each stratum, with a digest by which they can be checked."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from design.errors import BadDesign
from design.randomisation.draws import Draws
from design.randomisation.schemes import Scheme, imbalance

MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Allocation:
    """One row of a list.

    Attributes:
        number: Randomisation number, unique over all strata, such as ``R00017``.
        stratum: Level of each factor; empty without strata.
        position: Place in the stratum's list, from 1.
        block: Number of the block in the stratum's list, from 1; 1 without blocks.
        arm: Name of the arm.
    """

    number: str
    stratum: Mapping[str, str]
    position: int
    block: int
    arm: str


@dataclass(frozen=True, slots=True)
class RandomisationList:
    """All rows. For the unblinded statistician only, but for :attr:`digest`.

    Example:
        >>> made = make_list(["试验组", "对照组"], 4, seed="example", block_sizes=[4])
        >>> sorted(row.arm for row in made.rows)
        ['对照组', '对照组', '试验组', '试验组']
    """

    arms: tuple[str, ...]
    scheme: Scheme
    strata: Mapping[str, Sequence[str]]
    rows: tuple[Allocation, ...]

    def to_csv(self, *, blocks: bool = False) -> str:
        """The list as CSV (LF line ends): number, factors, position and arm.

        Args:
            blocks: Add a column with the block, for checking; never give it to a site.
        """
        sheet = io.StringIO()
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(["number", *self.strata, "position", *(["block"] if blocks else []), "arm"])
        for row in self.rows:
            block = [row.block] if blocks else []
            writer.writerow([row.number, *row.stratum.values(), row.position, *block, row.arm])
        return sheet.getvalue()

    @property
    def digest(self) -> str:
        """SHA-256 of ``to_csv()`` in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.to_csv().encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """Rows by arm."""
        found = Counter(row.arm for row in self.rows)
        return {arm: found[arm] for arm in self.arms}

    def balance(self) -> list[dict[str, Any]]:
        """Balance of each stratum's list.

        Returns:
            For each: ``stratum``, ``counts`` by arm, ``imbalance`` at the end and
            ``largest_imbalance`` on the way (range of the arms' numbers, each divided by its part
            of the ratio), and ``guessed``: share of patients whose arm is guessed right by who
            always guesses the arm furthest behind (Blackwell and Hodges 1957), at random among
            several.
        """
        return [
            {"stratum": dict(key), **self._balance([row.arm for row in rows])}
            for key, rows in itertools.groupby(self.rows, lambda row: tuple(row.stratum.items()))
        ]

    def _balance(self, sequence: Sequence[str]) -> dict[str, Any]:
        counts = [0] * len(self.arms)
        ratio = self.scheme.ratio
        largest = guessed = 0.0
        for arm in map(self.arms.index, sequence):
            scaled = [count / parts for count, parts in zip(counts, ratio, strict=True)]
            behind = [i for i, value in enumerate(scaled) if value == min(scaled)]
            guessed += (arm in behind) / len(behind)
            counts[arm] += 1
            largest = max(largest, imbalance(counts, ratio))
        return {
            "counts": dict(zip(self.arms, counts, strict=True)),
            "imbalance": imbalance(counts, ratio),
            "largest_imbalance": largest,
            "guessed": guessed / len(sequence),
        }


def make_list(
    arms: Sequence[str],
    n: int,
    *,
    seed: str | int,
    ratio: Sequence[int] | None = None,
    strata: Mapping[str, Sequence[str]] | None = None,
    scheme: str = "block",
    block_sizes: Sequence[int] = (),
    probability: float = 2 / 3,
    urn_start: int = 1,
    urn_added: int = 1,
) -> RandomisationList:
    """Make the list of every stratum.

    Every stratum draws from a stream of its own, named by its levels: a site or a level added later
    leaves the sequences of the others as they were. The last block is completed, so a list may be
    longer than ``n``.

    Args:
        arms: Names of the arms.
        n: Rows of each stratum's list, at least.
        seed: Text or number that the draws follow from; see :func:`fresh_seed`.
        ratio: Whole numbers, one an arm; equal when left out.
        strata: Levels of each factor, site among them; every combination gets a list.
        scheme: ``block``, ``simple``, ``biased_coin`` or ``urn``.
        block_sizes: Multiples of the ratio's sum; several are mixed at random.
        probability: Of scheme biased_coin: that the arm behind is drawn.
        urn_start: Of scheme urn: balls of each arm at the start.
        urn_added: Of scheme urn: balls of each other arm added after a draw.

    Raises:
        BadDesign: Arms, ratio, strata and scheme do not fit each other, or the lists have more
            than 100 000 rows.
    """
    parts = tuple(ratio) if ratio else (1,) * len(arms)
    factors = {name: tuple(levels) for name, levels in (strata or {}).items()}
    _check(arms, n, parts, factors)
    chosen = Scheme(scheme, parts, tuple(block_sizes), probability, urn_start, urn_added)
    chosen.check()
    rows: list[Allocation] = []
    numbers = itertools.count(1)
    for levels in itertools.product(*factors.values()):
        stratum = dict(zip(factors, levels, strict=True))
        previous = 0
        for position, (block, arm) in enumerate(chosen.arms(Draws(seed, *levels)), start=1):
            if position > n and (block != previous or scheme != "block"):
                break
            previous = block
            rows.append(Allocation(f"R{next(numbers):05d}", stratum, position, block, arms[arm]))
    return RandomisationList(tuple(arms), chosen, factors, tuple(rows))


def _check(
    arms: Sequence[str], n: int, ratio: Sequence[int], strata: Mapping[str, Sequence[str]]
) -> None:
    if len(arms) < 2:
        raise BadDesign("randomisation needs two arms or more", "arms")
    if len(set(arms)) < len(arms) or not all(arm.strip() for arm in arms):
        raise BadDesign("arms need names, each its own", "arms")
    if len(ratio) != len(arms):
        raise BadDesign(f"ratio has {len(ratio)} numbers for {len(arms)} arms", "ratio")
    if min(ratio) < 1:
        raise BadDesign("ratio takes whole numbers from 1", "ratio")
    lists = 1
    for name, levels in strata.items():
        if not levels or len(set(levels)) < len(levels):
            raise BadDesign(f"factor {name} needs levels, each its own", "strata")
        if name in {"number", "position", "block", "arm"}:
            raise BadDesign(f"a factor cannot be named {name}, the list has that column", "strata")
        lists *= len(levels)
    if lists * n > MAX_ROWS:
        raise BadDesign(
            f"{lists} strata of {n} rows are more than {MAX_ROWS}; take fewer factors or levels, "
            "or minimisation",
            "strata",
        )
