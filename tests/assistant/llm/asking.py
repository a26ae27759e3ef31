"""What tests of worded answers ask, quote and watch for."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant import Answer, Citation, Statement
from assistant.messages import message
from assistant.progress import Progress

ASKED = "甲类样本库收到使用申请后多久答复申请人？"
QUOTE = "甲类样本库应当在收到使用申请之日起20个工作日内书面答复申请人。"
TRUE = "甲类样本库应在20个工作日内书面答复申请人。"
WRONG_NUMBER = "甲类样本库应在45个工作日内书面答复申请人。"


def same_but_for_the_record(answer: Answer, plain: Answer) -> bool:
    return (answer.status, answer.statements, answer.citations, answer.missing) == (
        plain.status,
        plain.statements,
        plain.citations,
        plain.missing,
    )


def notice(key: str, **values: object) -> str:
    return message("zh", key, **values)


class Watched(Progress):
    """Remembers what it was told; may leave after so many statements."""

    def __init__(self, leave_after: float = float("inf"), patience: float = float("inf")) -> None:
        self.stages: list[str] = []
        self.statements: list[tuple[str, float]] = []
        self.citations: list[Citation] = []
        self._leave_after = leave_after
        self._end = time.monotonic() + patience

    @property
    def stopped(self) -> bool:
        return len(self.statements) >= self._leave_after or time.monotonic() > self._end

    def stage(self, stage: str) -> None:
        self.stages.append(stage)

    def statement(self, statement: Statement, citations: Sequence[Citation]) -> None:
        self.statements.append((statement.text, time.monotonic()))
        self.citations += citations
