"""The sequence of arms of one list, by each scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from design.errors import BadDesign
from design.randomisation.draws import Draws


@dataclass(frozen=True, slots=True)
class Scheme:
    """How arms are drawn.

    Attributes:
        name: ``block``, ``simple``, ``biased_coin`` or ``urn``.
        ratio: Whole numbers, one an arm.
        block_sizes: Of scheme block; several are mixed at random.
        probability: Of scheme biased_coin: that the arm behind is drawn.
        urn_start: Of scheme urn: balls of each arm at the start.
        urn_added: Of scheme urn: balls of each other arm added after a draw.
    """

    name: str
    ratio: tuple[int, ...]
    block_sizes: tuple[int, ...] = ()
    probability: float = 2 / 3
    urn_start: int = 1
    urn_added: int = 1

    def check(self) -> None:
        """Refuse what cannot be drawn.

        Raises:
            BadDesign: Block sizes are missing, not multiples of the ratio's sum, or meant for
                another scheme; or the scheme is for equal arms only.
        """
        whole = sum(self.ratio)
        if self.name == "block":
            if not self.block_sizes:
                raise BadDesign(
                    f"scheme block needs block_sizes, multiples of {whole}, such as "
                    f"[{2 * whole}, {3 * whole}]",
                    "block_sizes",
                )
            for size in self.block_sizes:
                if size % whole:
                    raise BadDesign(
                        f"a block of {size} cannot hold the ratio "
                        f"{':'.join(map(str, self.ratio))}; take multiples of {whole}",
                        "block_sizes",
                    )
        elif self.block_sizes:
            raise BadDesign(f"block_sizes are for scheme block, not {self.name}", "block_sizes")
        if self.name in {"biased_coin", "urn"} and len(set(self.ratio)) > 1:
            raise BadDesign(f"scheme {self.name} is for equal arms only", "ratio")
        if self.name == "biased_coin" and len(self.ratio) != 2:
            raise BadDesign("scheme biased_coin is for two arms only", "arms")

    def arms(self, draws: Draws) -> Iterator[tuple[int, int]]:
        """Endless pairs of block number (1 for other schemes) and index of the arm."""
        return _SCHEMES[self.name](self, draws)


def _block(scheme: Scheme, draws: Draws) -> Iterator[tuple[int, int]]:
    number = 0
    while True:
        number += 1
        size = scheme.block_sizes[draws.below(len(scheme.block_sizes))]
        times = size // sum(scheme.ratio)
        block = [arm for arm, parts in enumerate(scheme.ratio) for _ in range(parts * times)]
        for arm in draws.shuffled(block):
            yield number, arm


def _simple(scheme: Scheme, draws: Draws) -> Iterator[tuple[int, int]]:
    urn = [arm for arm, parts in enumerate(scheme.ratio) for _ in range(parts)]
    while True:
        yield 1, urn[draws.below(len(urn))]


def _biased_coin(scheme: Scheme, draws: Draws) -> Iterator[tuple[int, int]]:
    """Efron 1971: the arm behind with the given probability, a fair coin when they are even."""
    counts = [0, 0]
    while True:
        behind = 0 if counts[0] <= counts[1] else 1
        chance = 0.5 if counts[0] == counts[1] else scheme.probability
        arm = behind if draws.share() < chance else 1 - behind
        counts[arm] += 1
        yield 1, arm


def _urn(scheme: Scheme, draws: Draws) -> Iterator[tuple[int, int]]:
    """Wei 1978: a ball is drawn and put back with more balls of every other arm."""
    balls = [scheme.urn_start] * len(scheme.ratio)
    while True:
        arm = draws.pick(balls)
        yield 1, arm
        balls = [count + scheme.urn_added * (other != arm) for other, count in enumerate(balls)]


_SCHEMES: dict[str, Callable[[Scheme, Draws], Iterator[tuple[int, int]]]] = {
    "block": _block,
    "simple": _simple,
    "biased_coin": _biased_coin,
    "urn": _urn,
}


def imbalance(counts: Sequence[int], ratio: Sequence[int]) -> float:
    """Range of the arms' numbers, each divided by its part of the ratio."""
    scaled = [count / parts for count, parts in zip(counts, ratio, strict=True)]
    return max(scaled) - min(scaled)
