"""Follow-ups that react to the last answer: its language, its basis, more of it, doubt of it."""

from __future__ import annotations

from assistant.conversation.recomputing import is_design, named_value, recomputed, stands_alone
from assistant.conversation.rules import first_group, pattern, patterns, table
from assistant.conversation.topic import entities, terms
from assistant.conversation.turn import FollowUp, Turn
from assistant.conversation.wording import chinese, finished, without_end
from assistant.question import read_question


def language(turn: Turn) -> FollowUp | None:
    """The asker wants the answer in another language."""
    for wanted in ("en", "zh"):
        if pattern("language", wanted).match(turn.text):
            return FollowUp("language", finished(turn.base), language=wanted)
    return None


def inputs(turn: Turn) -> FollowUp | None:
    """A reply that gives what was asked back for."""
    before = read_question(turn.base)
    if turn.last.status != "needs_clarification" or before.boundary is None:
        return None
    reply = named_value(turn.core, before.boundary.missing)
    joined = _with_inputs(turn, "inputs", reply)
    if read_question(joined).boundary is None:
        joined = _with_inputs(turn, "inputs_again", reply)
    after = read_question(joined).boundary
    given = set(before.boundary.missing) - set(after.missing if after else ())
    if not given or stands_alone(turn.text, before.boundary.name):
        return None
    return FollowUp("inputs", joined)


def other_value(turn: Turn) -> FollowUp | None:
    """Another value for an input of what was computed."""
    named = [name for name in entities(turn.core, turn.lexicon) if not is_design(name)]
    if not turn.last.calculations or named:
        return None
    changed = recomputed(turn.base, turn.text, turn.core)
    return FollowUp("completed", changed) if changed else None


def _with_inputs(turn: Turn, key: str, reply: str) -> str:
    form: str = table()["join"][f"{'zh' if chinese(turn.base) else 'en'}_{key}"]
    return finished(form.format(question=without_end(turn.base), reply=reply))


def basis(turn: Turn) -> FollowUp | None:
    """The asker wants to know what the answer rests on."""
    if turn.last.citations and _asks(turn, "basis"):
        return FollowUp("basis", finished(turn.base))
    return None


def more(turn: Turn) -> FollowUp | None:
    """The asker wants more of the answer."""
    if _asks(turn, "more"):
        return FollowUp("more", finished(turn.base))
    return None


def _asks(turn: Turn, section: str) -> bool:
    # 「还有呢」 is asked with what is otherwise a lead.
    texts = (without_end(turn.text), turn.core)
    return any(one.match(text) for text in texts for one in patterns(section, "ask"))


def doubt(turn: Turn) -> FollowUp | None:
    """Doubt: the same is asked again, and what is claimed is kept for whoever checks premises."""
    for text in (without_end(turn.text), turn.core):
        for one in patterns("insist", "ask"):
            found = one.match(text)
            if found:
                return _doubt(turn, first_group(found))
    return None


def _doubt(turn: Turn, claim: str | None) -> FollowUp | None:
    if claim and (entities(claim, turn.lexicon) or len(terms(claim, turn.lexicon)) > 2):
        return None  # it speaks of something of its own
    return FollowUp("again", finished(turn.base), claim=_bare_claim(claim))


def _bare_claim(claim: str | None) -> str | None:
    """A claim without 「我记得是」."""
    if claim is None:
        return None
    inner = [first_group(one.match(claim)) for one in patterns("insist", "ask")]
    claim = next(filter(None, inner), claim)
    return pattern("insist", "says").sub("", claim).strip() or claim
