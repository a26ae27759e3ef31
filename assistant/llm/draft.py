"""An answer while the model writes it: each statement checked, and shown, when it is whole."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.llm.checking import Checker, Judged
from assistant.llm.reply import Proposed, Reply, StatementReader
from assistant.progress import Progress
from retrieval.normalise import compare_form


class Draft:
    """The statements of one reply, in its order.

    Args:
        checker: Decides about each.
        progress: Told of those that stand.
        most: Further statements are left out.
    """

    def __init__(self, checker: Checker, progress: Progress, most: int) -> None:
        self.judged: list[Judged] = []
        self._checker = checker
        self._progress = progress
        self._most = most
        self._reader = StatementReader()

    def hear(self, text: str) -> None:
        """The reply has grown to ``text``."""
        for proposed in self._reader.feed(text):
            self._take(proposed)

    def finish(self, reply: Reply) -> None:
        """The whole reply; what was read of it on the way is not judged again."""
        statements = reply.statements[: self._most]
        heard = tuple(judged.proposed for judged in self.judged)
        if heard != statements[: len(heard)]:  # something else looked like the answer
            self.judged.clear()
            heard = ()
        for proposed in statements[len(heard) :]:
            self._take(proposed)

    def correct(self, corrected: Sequence[Proposed]) -> None:
        """Judge second versions of what failed: by their number, or in order without numbers."""
        failing = self.failing()
        for place, proposed in enumerate(corrected[: len(failing)]):
            numbered = proposed.number is not None and 0 < proposed.number <= len(self.judged)
            slot = proposed.number - 1 if proposed.number and numbered else failing[place]
            if slot in failing and self.judged[slot].statement is None:
                self.judged[slot] = self._judge(proposed)

    def failing(self) -> list[int]:
        """Places of the statements that do not stand."""
        return [n for n, judged in enumerate(self.judged) if judged.failures]

    def standing(self) -> list[Judged]:
        """The statements that stand, each said once."""
        return [judged for judged in self.judged if judged.statement]

    def _take(self, proposed: Proposed) -> None:
        if len(self.judged) < self._most:
            self.judged.append(self._judge(proposed))

    def _judge(self, proposed: Proposed) -> Judged:
        said = {compare_form(j.proposed.text) for j in self.standing()}
        if not proposed.text or compare_form(proposed.text) in said:
            return Judged(proposed)  # nothing, or nothing new: neither shown nor asked about again
        judged = self._checker.judge(proposed)
        if judged.statement:
            self._progress.statement(judged.statement, judged.citations)
        return judged
