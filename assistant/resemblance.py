"""How much a text resembles requests that are not answered: a linear model.

The patterns of ``boundaries.toml`` say why a request is refused or asked back; this catches
wordings that they do not list, and questions that only hold the same words. It reads three things:
short strings of the text, the reviewed features it shows (:mod:`assistant.signs`), and its vector
by the bundled embedder. Trained by ``python -m eval.train_boundaries``.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from assistant.signs import signs_in
from retrieval.embedders import StaticEmbedder

CLASSES = (
    "none", "treatment", "fabrication", "concealment", "injection", "records", "compute", "vague",
)  # fmt: skip
REFUSED, UNCLEAR = CLASSES[1:6], CLASSES[6:]
STRINGS, SIGNS = 1 << 13, 1 << 12
VECTOR = 256
FILE = Path(__file__).with_name("boundaries.safetensors")
_WORD = re.compile(r"[a-z]+|\d+|[^\sa-z\d]")
_LONGEST = 3  # words or characters that make one string
_FEW = 40  # signs: fewer than these weigh no more, or one alone would decide
_MOST = 2000  # characters read: a request says what it wants within them
# Features that change what another one means: 编造 is a request beside 帮我, a topic beside 处罚.
_TURNING = (
    "asks_us", "asks_rule", "question", "how_to", "own_person", "case", "looks_up", "of_protocol",
    "of_method", "proper_way",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How likely a text is of each class; the likelihoods sum to 1."""

    likely: dict[str, float]

    @property
    def refused(self) -> float:
        """How likely the text is one to be refused."""
        return sum(self.likely[name] for name in REFUSED)

    def most(self, names: tuple[str, ...]) -> str:
        """The likeliest of some classes."""
        return max(names, key=lambda name: self.likely[name])


def resemblance(surfaced: str) -> Resemblance:
    """Likelihoods for a text as :func:`assistant.surface.surface` gives it."""
    weights, bias = _model()
    found, vector = features(surfaced)
    scores = bias + vector @ weights[STRINGS + SIGNS :]
    for buckets, weight in found:
        scores = scores + weights[buckets].sum(axis=0) * weight
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return Resemblance({name: float(share) for name, share in zip(CLASSES, shares, strict=True)})


def features(
    surfaced: str,
) -> tuple[tuple[tuple[npt.NDArray[np.int64], float], ...], npt.NDArray[np.float32]]:
    """What the model reads of a text.

    Numbers count as one word whatever their value.

    Returns:
        For the strings and for the signs, sorted distinct rows below ``STRINGS + SIGNS`` and the
        weight of each; and the unit vector of the text, shape ``(VECTOR,)``.
    """
    read = surfaced[:_MOST]
    strings = _rows(_strings(read), STRINGS, 0)
    signs = _rows(_signs(read), SIGNS, STRINGS)
    weighed = (strings, len(strings) ** -0.5), (signs, max(len(signs), _FEW) ** -0.5)
    return weighed, _embedder().encode([read])[0]


def _strings(read: str) -> Iterator[str]:
    """One to three words (Latin) or characters (Chinese) in a row."""
    words = ["0" if word.isdigit() else word for word in _WORD.findall(read)]
    words = ["<", *words, ">"]
    for length in range(1, _LONGEST + 1):
        yield from (" ".join(words[at : at + length]) for at in range(len(words) - length + 1))


def _signs(read: str) -> Iterator[str]:
    """The features of a text, each beside those that turn it, and how the text ends."""
    shown = signs_in(read)
    yield from shown
    yield from (f"{turn}&{name}" for turn in _TURNING if turn in shown for name in shown - {turn})
    yield f"ends {read[-1:]}"


def _rows(names: Iterator[str], buckets: int, first: int) -> npt.NDArray[np.int64]:
    return np.array(
        sorted({first + zlib.crc32(name.encode()) % buckets for name in names}), dtype=np.int64
    )


@cache
def _embedder() -> StaticEmbedder:
    return StaticEmbedder(dimensions=VECTOR)


@cache
def _model() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    stored = load_file(str(FILE))
    return stored["weights"].astype(np.float32), stored["bias"].astype(np.float32)
