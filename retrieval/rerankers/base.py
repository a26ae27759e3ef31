"""What a re-ranker is: something that says how well a passage answers a question."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from retrieval.embedders.base import Floats


class Reranker(ABC):
    """Scores passages for a question.

    Attributes:
        name: Kept in answer records.
    """

    name: str

    @abstractmethod
    def score(self, question: str, passages: Sequence[str]) -> Floats:
        """How well each passage answers, 0 to 1, shape ``(len(passages),)``."""
