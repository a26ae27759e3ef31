"""Requests to compute as PIs word them, with the call that each must come to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.computing import plan
from assistant.computing.answers import requested
from assistant.question import read_question

HERE = Path(__file__).parent
_CLOSE = 5e-4


@dataclass(frozen=True)
class Utterance:
    """A wording, what it comes to (a method, ``ask``, ``refused``, ``none``), and with what."""

    text: str
    outcome: str
    told: str

    def fault(self) -> str | None:
        """What came instead; ``None`` when it is right."""
        outcome, told = come_of(self.text)
        if outcome != self.outcome:
            return f"{outcome} {told}"
        if self.outcome in {"ask", "refused"}:
            return None if set(told) == set(self.told.split()) else f"{outcome} {told}"
        wrong = {k: told.get(k) for k, v in self._inputs() if not _same(told.get(k), v)}
        return f"{wrong}" if wrong else None

    def _inputs(self) -> list[tuple[str, str]]:
        return [(k, v) for k, _, v in (pair.partition("=") for pair in self.told.split())]


def read(name: str) -> list[Utterance]:
    """The utterances of a file."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [[*map(str.strip, line.split("|")), ""] for line in lines if line and line[0] != "#"]
    return [Utterance(row[0], row[1], row[2]) for row in rows]


def come_of(text: str) -> tuple[str, Any]:
    """The first call of the plan, what is asked for, what is refused, or ``none``."""
    question = read_question(text)
    given = requested(question)
    if given is not None:
        calls = plan(given)
        return (calls[0].method, dict(calls[0].inputs)) if calls else ("no plan", given)
    boundary = question.boundary
    if boundary is None:
        return "none", ()
    if boundary.contradictions:
        return "refused", [found.key for found in boundary.contradictions]
    return "ask", boundary.missing


def _same(value: Any, written: str) -> bool:
    if isinstance(value, (int, float)):
        return abs(value - float(written)) < _CLOSE
    if isinstance(value, (list, tuple)):
        return [float(part) for part in written.split(",")] == list(value)
    return bool(value == written)


if __name__ == "__main__":
    import sys

    for name in sys.argv[1:]:
        found = [(one, one.fault()) for one in read(name)]
        print(name, sum(fault is None for _, fault in found), "of", len(found))
        if "--quiet" not in sys.argv:
            for one, fault in found:
                if fault:
                    print("  ", one.text, "|", one.outcome, one.told, "->", fault)
