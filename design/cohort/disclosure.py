"""Which counts may be shown: small ones are hidden, and so is what would give them away.

Every count of the funnel is a sum or difference of counts of *conjunctions*: persons whose state
is at least a given level on each criterion (2: met; 1: met or not known; 0: anything). Counts of
different conjunctions are linearly independent, so a hidden one can never be had from shown ones
by linear algebra alone. What can be had are differences. So conjunctions are shown one after
another, the important ones first, and one is kept back when with those already shown it would give
the number of persons of some group as 1 to t - 1: itself, one conjunction without another, or one
without the union of two or of all the leave-one-out groups.

Zero is shown: it is about no person. But it makes conjunctions equal: if nobody fails a criterion,
it may be added to any conjunction. All such equalities among the counts to be shown are taken as
known to the reader, and every conjunction is replaced by the narrowest one equal to it.

Criteria have a meaning besides: whoever is at least 19 is at least 18, and nobody is male and
female. So what excludes each other in the data counts as known to exclude each other: if within a
shown group other shown groups, or what they leave of it, do not overlap, the persons outside all of
them are given away, and must not be few.

Cell suppression in tables: Hundepool et al., Statistical Disclosure Control (Wiley, 2012), ch. 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

Level = int
_BITS = (0b00, 0b01, 0b11)
_MOST_STEPS = 20_000


def level_of(levels: Sequence[int]) -> Level:
    """A conjunction as an integer of two bits a criterion, so that joining two is ``|``.

    Example:
        >>> bin(level_of([2, 0, 1]))
        '0b10011'
    """
    return sum(_BITS[wanted] << 2 * place for place, wanted in enumerate(levels))


@dataclass(slots=True)
class Ledger:
    """The conjunctions shown so far.

    Attributes:
        patterns: Distinct states of persons, one row each; shape (patterns, criteria).
        counts: Persons of each pattern.
        threshold: Counts from 1 to one less are hidden.
    """

    patterns: NDArray[np.int8]
    counts: NDArray[np.int64]
    threshold: int
    shown: dict[Level, int] = field(default_factory=dict)
    refused: set[Level] = field(default_factory=set)
    _unions: list[tuple[Level, int]] = field(default_factory=list)
    _left_out: list[Level] = field(default_factory=list)
    _known: dict[Level, int] = field(default_factory=dict)
    _equal: list[tuple[Level, Level]] = field(default_factory=list)
    _normal: dict[Level, Level] = field(default_factory=dict)
    _members: list[NDArray[np.bool_]] = field(default_factory=list)
    _overlaps: list[list[int]] = field(default_factory=list)

    def expect(self, levels: Sequence[Level]) -> None:
        """Find which of the conjunctions to be offered are equal to a narrower one."""
        distinct = list(dict.fromkeys(levels))
        found = {
            (outer, inner)
            for outer in distinct
            for inner in distinct
            if outer != inner and _within(inner, outer) and self.count(outer) == self.count(inner)
        }
        self._equal = sorted(found)
        self._normal = {}

    def normal(self, level: Level) -> Level:
        """The narrowest conjunction known to hold the same persons."""
        if level not in self._normal:
            found, before = level, -1
            while found != before:
                before = found
                for outer, inner in self._equal:
                    if _within(found, outer):
                        found |= inner
            self._normal[level] = found
        return self._normal[level]

    def count(self, level: Level) -> int:
        """Persons whose states reach a level; for inner use, whether shown or not."""
        if level not in self._known:
            self._known[level] = int(self.counts[self._reach(level)].sum())
        return self._known[level]

    def _reach(self, level: Level) -> NDArray[np.bool_]:
        """The patterns of a conjunction."""
        at_least = np.ones(len(self.counts), bool)
        for place in range(self.patterns.shape[1]):
            wanted = _BITS.index(level >> 2 * place & 0b11)
            if wanted:
                at_least &= self.patterns[:, place] >= wanted
        return at_least

    def small(self, count: int) -> bool:
        """Whether a count of persons must not be shown."""
        return 0 < count < self.threshold

    def offer(self, level: Level, left_out: bool = False) -> bool:
        """Show a conjunction unless it gives a small group away; says whether it is shown.

        Args:
            level: The conjunction.
            left_out: It is one of the leave-one-out groups, whose pairs all overlap in the
                persons that remain.
        """
        level = self.normal(level)
        if level in self.refused:
            return False
        new = level not in self.shown
        if new and (self._gives_away(level) or self._leaves_few(level)):
            self.refused.add(level)
            return False
        unions = self._new_unions(level) if new else []
        if new and any(self._union_gives_away(*union, extra=level) for union in unions):
            self.refused.add(level)
            return False
        if left_out and self._family_gives_away([*self._left_out, level]):
            if new:
                self.refused.add(level)
            return False
        if new:
            self._overlaps.append(self._overlap_with(level))
            self._members.append(self._reach(level))
            self.shown[level] = self.count(level)
            self._unions += unions
        if left_out and level not in self._left_out:
            self._left_out.append(level)
        return True

    def value(self, *levels: Level) -> int | None:
        """Persons of the first conjunction outside the second, ``None`` when hidden."""
        counts = [self.shown.get(self.normal(level)) for level in levels]
        if any(count is None for count in counts):
            return None
        first, *others = [count for count in counts if count is not None]
        found = first - sum(others)
        return None if self.small(found) else found

    def _gives_away(self, level: Level) -> bool:
        count = self.count(level)
        if self.small(count):
            return True
        for other, shown in self.shown.items():
            if (_within(level, other) and self.small(shown - count)) or (
                _within(other, level) and self.small(count - shown)
            ):
                return True
        if any(_below(level, low) and self.small(count - union) for low, union in self._unions):
            return True
        return bool(self._left_out) and self._outside_family(level, self._left_out)

    def _overlap_with(self, level: Level) -> list[int]:
        """Persons a conjunction has in common with each shown one."""
        if not self._members:
            return []
        mine = np.where(self._reach(level), self.counts, 0)
        return [int(number) for number in np.stack(self._members) @ mine]

    def _leaves_few(self, level: Level) -> bool:
        """Whether groups that exclude each other, this one among them, leave out a small group."""
        overlaps = [*self._overlaps, self._overlap_with(level)]
        sizes = [*self.shown.values(), self.count(level)]
        return Disjoint(sizes, overlaps, self.threshold).leave_few(len(sizes) - 1)

    def _new_unions(self, level: Level) -> list[tuple[Level, int]]:
        """Unions of two shown conjunctions whose overlap is shown too, with ``level`` in them."""
        count = self.count(level)
        known = {**self.shown, level: count}
        found = []
        for other, shown in self.shown.items():
            both = self.normal(level | other)
            if both in known and both not in (level, other):
                low = level & other
                found.append((low, count + shown - known[both]))
        # Pairs shown before whose overlap is the new conjunction.
        pairs = list(self.shown.items())
        inside = [(key, size) for key, size in pairs if _within(level, key)]
        for place, (first, size) in enumerate(inside):
            for second, other_size in inside[place + 1 :]:
                if self.normal(first | second) == level:
                    low = first & second
                    found.append((low, size + other_size - count))
        return found

    def _union_gives_away(self, low: Level, union: int, extra: Level) -> bool:
        known = {**self.shown, extra: self.count(extra)}
        return any(_below(key, low) and self.small(size - union) for key, size in known.items())

    def _family_gives_away(self, family: Sequence[Level]) -> bool:
        return any(self._outside_family(key, family) for key in self.shown)

    def _outside_family(self, outer: Level, family: Sequence[Level]) -> bool:
        """Whether persons of ``outer`` outside leave-one-out groups, or also outside one more
        shown conjunction, are a small group."""
        everyone = self.normal(reduce(or_, family))
        remaining = self.count(everyone)
        inside = [(key, self.count(key) - remaining) for key in family if _below(outer, key)]
        total = self.count(outer)
        if inside and self.small(total - remaining - sum(size for _, size in inside)):
            return True
        for other, size in {**self.shown, outer: total}.items():
            if other == outer or not _below(outer, other):
                continue
            apart = [extra for key, extra in inside if self.normal(key | other) == everyone != key]
            if apart and self.small(total - size - sum(apart)):
                return True
        return False


class Disjoint:
    """Groups of persons, and which of them do not overlap in the data.

    Args:
        sizes: Of the groups.
        overlaps: Persons a group has in common with each one before it.
        threshold: Counts from 1 to one less are small.
    """

    def __init__(
        self, sizes: Sequence[int], overlaps: Sequence[Sequence[int]], threshold: int
    ) -> None:
        self.threshold = threshold
        self.size = np.asarray(sizes, np.int64)
        self.both = np.diag(self.size)
        for row, known in enumerate(overlaps):
            self.both[row, :row] = self.both[:row, row] = known
        self._steps = 0

    def leave_few(self, newest: int) -> bool:
        """Whether the newest group tells of a small one.

        Within any group, those in it and what they leave of it may exclude each other; what a
        family of them leaves out must not be small.
        """
        self._steps = 0
        for outer in range(len(self.size)):
            inside = (self.both[outer] == self.size) & (self.size > 0)
            inside &= self.size < self.size[outer]
            if newest != outer and not inside[newest]:
                continue
            members = np.flatnonzero(inside)
            starts = range(len(members))
            if newest != outer:
                starts = range(int(np.searchsorted(members, newest)), len(members))[:1]
            if any(self._left_by(outer, members, start) for start in starts):
                return True
        return False

    def _left_by(self, outer: int, members: NDArray[np.int64], start: int) -> bool:
        """The same of families with one member, or with what it leaves of the outer group."""
        whole, count = int(self.size[outer]), len(members)
        size, both = self.size[members], self.both[np.ix_(members, members)]
        sizes = np.concatenate([size, whole - size])
        mine = both[start]
        rows = (
            np.concatenate([mine, size[start] - mine]),
            np.concatenate([size - mine, whole - size[start] - size + mine]),
        )
        for one, common in zip((start, start + count), rows, strict=True):
            rest = whole - int(sizes[one])
            if 0 < rest < self.threshold:
                return True
            others = np.flatnonzero(common == 0)
            others = others[others % count != start]
            if not len(others) or rest - int(sizes[others].sum()) >= self.threshold:
                continue
            apart = size[:, None] - both
            neither = whole - size[:, None] - size[None, :] + both
            free = np.block([[both, apart], [apart.T, neither]]) == 0
            largest = sorted((int(each) for each in others), key=lambda each: -int(sizes[each]))
            if self._search(rest, largest, sizes, free):
                return True
        return False

    def _search(
        self, rest: int, others: list[int], sizes: NDArray[np.int64], free: NDArray[np.bool_]
    ) -> bool:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return True  # too many to try: kept back
        for place, other in enumerate(others):
            left = rest - int(sizes[other])
            if 0 < left < self.threshold:
                return True
            later = [each for each in others[place + 1 :] if free[other, each]]
            reachable = sum(int(sizes[each]) for each in later)
            near = later and left > 0 and left - reachable < self.threshold
            if near and self._search(left, later, sizes, free):
                return True
        return False


def _within(inner: Level, outer: Level) -> bool:
    """Whether the first conjunction is a subset of the second."""
    return inner | outer == inner


def _below(outer: Level, low: Level) -> bool:
    """Whether ``outer`` holds everything a level from ``low`` on can hold."""
    return outer | low == low


def group_rows(rows: Sequence[Sequence[int]], threshold: int) -> list[bool]:
    """Which rows of a table may be shown when its totals are known.

    Args:
        rows: Nested counts of each row, the widest first: persons, of these the remaining.
        threshold: Counts from 1 to one less are hidden.

    Returns:
        True for rows that may be shown. The others are at least two, and together neither they nor
        the differences between their columns are small, so that a total minus the shown rows
        tells of no small group.
    """

    def fits(counts: Sequence[int]) -> bool:
        steps = [a - b for a, b in zip(counts, [*counts[1:], 0], strict=True)]
        return all(not 0 < step < threshold for step in [*steps, *counts])

    shown = [fits(row) for row in rows]
    while not all(shown):
        hidden = [row for row, visible in zip(rows, shown, strict=True) if not visible]
        together = [sum(column) for column in zip(*hidden, strict=True)]
        if len(hidden) > 1 and fits(together):
            break
        visible = [place for place, is_shown in enumerate(shown) if is_shown]
        if not visible:
            break
        # A row without anyone protects nothing.
        filled = [place for place in visible if rows[place][-1]] or visible
        shown[min(filled, key=lambda place: (rows[place][-1], rows[place][0], place))] = False
    return shown
