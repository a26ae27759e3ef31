"""A draft: statements in the model's order, each judged once, corrected in place."""

from __future__ import annotations

import json

from assistant.llm.checking import Judged
from assistant.llm.draft import Draft
from assistant.llm.reply import Proposed, Reply, read_reply
from assistant.model import Statement
from assistant.progress import Progress


class ByWord:
    """Lets statements with 真 pass; counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def judge(self, proposed: Proposed) -> Judged:
        self.asked.append(proposed.text)
        if "真" in proposed.text:
            return Judged(proposed, Statement(proposed.text, (1,)))
        return Judged(proposed, failures=("quote_not_found",))


def drafted(most: int = 8) -> tuple[Draft, ByWord]:
    checker = ByWord()
    return Draft(checker, Progress(), most), checker  # type: ignore[arg-type]


def written(*texts: str) -> tuple[str, Reply]:
    text = json.dumps({"statements": [{"text": t} for t in texts]}, ensure_ascii=False)
    reply = read_reply(text)
    assert reply is not None
    return text, reply


def shown(draft: Draft) -> list[str]:
    return [judged.proposed.text for judged in draft.standing()]


def test_what_was_heard_on_the_way_is_not_judged_again() -> None:
    draft, checker = drafted()
    text, reply = written("真一", "假二", "真三")
    for end in range(len(text)):
        draft.hear(text[:end])
    draft.finish(reply)
    assert checker.asked == ["真一", "假二", "真三"]
    assert (shown(draft), draft.failing()) == (["真一", "真三"], [1])


def test_the_whole_reply_has_the_last_word() -> None:
    draft, _ = drafted()
    draft.hear(written("真的草稿")[0])
    draft.finish(written("真一")[1])
    assert shown(draft) == ["真一"]


def test_a_reply_that_was_not_streamed_is_judged_at_its_end() -> None:
    draft, _ = drafted()
    draft.finish(written("真一", "真一", "", "真二")[1])
    assert (shown(draft), draft.failing()) == (["真一", "真二"], [])


def test_no_more_than_so_many() -> None:
    draft, checker = drafted(most=2)
    text, reply = written("真一", "真二", "真三")
    draft.hear(text)
    draft.finish(reply)
    assert checker.asked == shown(draft) == ["真一", "真二"]


def test_corrections_go_by_number_or_in_order_and_never_over_what_stands() -> None:
    draft, _ = drafted()
    draft.finish(written("假一", "真二", "假三")[1])
    draft.correct([Proposed("真三", number=3), Proposed("真的改二", number=2)])
    assert shown(draft) == ["真二", "真三"]
    draft.correct([Proposed("真一")])
    assert shown(draft) == ["真一", "真二", "真三"]
    draft.correct([Proposed("真四", number=9)])
    assert len(draft.judged) == 3
