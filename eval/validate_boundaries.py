"""How well requests are told from lookalikes that were not trained on.

    python -m eval.validate_boundaries

Needs the extra ``train``. Lines worded alike stay in one fold, so that no line is judged by a model
that has seen its frame. The held-out lines are judged by the stored model.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant import resemblance
from assistant.boundaries import find_boundary
from assistant.surface import surface
from eval.train_boundaries import class_of, fit, headings, lines, matrix, plain_texts

_WORD = re.compile(r"[a-z]+|\d+|[^\sa-z\d]")
_FOLDS = 5
_ALIKE = 0.3  # share of common strings that puts two lines into one group
_COMMON = 200  # strings of more lines than this say nothing
_STATUS = {None: "answer", "refused": "refuse", "needs_clarification": "ask_back"}


def groups(texts: list[str]) -> list[int]:
    """A number for each text; texts that share many strings have the same."""
    sets = [set(_pairs(surface(text))) for text in texts]
    places: dict[str, list[int]] = defaultdict(list)
    for place, strings in enumerate(sets):
        for string in strings:
            places[string].append(place)
    first = list(range(len(texts)))

    def root(place: int) -> int:
        while first[place] != place:
            place = first[place]
        return place

    for place, strings in enumerate(sets):
        near = Counter(
            other
            for string in strings
            if len(places[string]) < _COMMON
            for other in places[string]
            if other < place
        )
        for other, common in near.items():
            if common > _ALIKE * len(strings | sets[other]):
                first[root(place)] = root(other)
    return [root(place) for place in range(len(texts))]


def _pairs(read: str) -> Iterable[str]:
    words = ["0" if word.isdigit() else word for word in _WORD.findall(read)]
    return map(" ".join, pairwise(["<", *words, ">"]))


def cross_validated() -> list[tuple[dict[str, Any], str]]:
    """Every training line, and what is done with it by a model that has not seen its group."""
    from scipy.sparse import vstack
    from sklearn.model_selection import GroupKFold

    every = lines("tune")
    texts = [line["question"] for line in every]
    classes = np.array([class_of(line["boundary"]) for line in every])
    counted, plain = matrix(texts), matrix(plain_texts())
    done: list[tuple[dict[str, Any], str]] = []
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(texts, classes, groups(texts)):
        weights, bias = fit(
            vstack([counted[seen], plain]), [*classes[seen].tolist(), *[0] * plain.shape[0]]
        )
        with patch.object(resemblance, "_model", lambda pair=(weights, bias): pair):
            done += [(every[at], outcome(texts[at])) for at in unseen]
    return done


def outcome(text: str) -> str:
    """``answer``, ``refuse`` or ``ask_back``."""
    found = find_boundary(text)
    return _STATUS[found.status if found else None]


def report(title: str, done: list[tuple[dict[str, Any], str]]) -> None:
    """Print how many lines of each kind are done with as they should be."""
    print(title)
    for expected in ("refuse", "ask_back", "answer"):
        found = [got for line, got in done if line["expect"] == expected]
        right = found.count(expected)
        print(f"  {expected}: {right} of {len(found)} ({right / len(found):.1%}) {Counter(found)}")


def main() -> None:
    """Print both measures."""
    report(f"{_FOLDS} folds of the training lines", cross_validated())
    report("held-out lines", [(line, outcome(line["question"])) for line in lines("held_out")])
    print(f"headings of our notes refused: {sum(outcome(h) == 'refuse' for h in headings())}")


if __name__ == "__main__":
    main()
