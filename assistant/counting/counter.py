"""From a question to a funnel, in turns: which cohort, which criteria, confirmed, counted.

What was read is kept in the answers themselves, so that a conversation that is stored and reloaded
goes on where it was. Nothing is counted before the rules were confirmed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.computing.calculation import said
from assistant.counting.requests import (
    added,
    agrees,
    criteria_in,
    dropped,
    keeps_unknown,
    restored,
    told,
    wants_count,
)
from assistant.model import Answer, AnswerStatus, Statement
from assistant.question import question_language
from design import Text
from design.errors import BadDesign

if TYPE_CHECKING:
    from design.cohort import Funnel, ParsedCriteria

READ, COUNTED, ASKED = "cohort_criteria", "cohort_funnel", "cohort_request"
_REFERENCE = "OMOP CDM 5.4; Kleene SC. Introduction to Metamathematics. 1952 (three-valued logic)"


@dataclass(frozen=True, slots=True)
class _State:
    """Where the conversation is: what was asked for, read or counted last."""

    kind: str
    text: str = ""
    source: str | None = None
    missing: str = "exclude"
    off: tuple[int, ...] = ()


class CohortCounter:
    """Counts in the cohorts it is given. DuckDB is not loaded before a cohort is opened.

    Args:
        cohorts: Name and path of each: a folder of OMOP CDM tables, or the description of a table.
        fallback: Name of the cohort used when no other is there.
        threshold: Counts below it are hidden; at least 10 in a conversation.
    """

    def __init__(
        self, cohorts: Mapping[str, Path], fallback: str = "synthetic", threshold: int = 10
    ) -> None:
        self.cohorts = dict(cohorts)
        self.fallback = fallback
        self.threshold = max(10, threshold)

    def reply(self, question: str, history: Sequence[Answer], as_of: str) -> Answer | None:
        """The next step towards a funnel; ``None`` when the turn is about something else."""
        before = _state(history)
        try:
            return self._reply(question, before, as_of)
        except BadDesign as error:
            text = told("failed", reason=str(error))
            return _answer(question, as_of, "insufficient_evidence", [text], None)

    def _reply(self, question: str, before: _State | None, as_of: str) -> Answer | None:
        if before is not None and before.kind in {READ, COUNTED}:
            changed = self._changed(question, before, as_of)
            if changed is not None:
                return changed
        asks = wants_count(question)
        # After a list of criteria was asked for, the next turn is that list, unless it reads as
        # something else altogether.
        answers = before is not None and before.kind in {ASKED, READ}
        if not asks and not answers:
            return None
        source = self._source(question, before)
        if source is None:
            names = "、".join(self.cohorts)
            text = told("which_cohort", count=len(self.cohorts), names=names)
            return _answer(question, as_of, "needs_clarification", [text], _State(ASKED))
        return self._read(question, criteria_in(question), source, asks, as_of)

    def _changed(self, question: str, before: _State, as_of: str) -> Answer | None:
        """A confirmation, or a change of criteria that were read or counted before."""
        off = sorted((set(before.off) | set(dropped(question))) - set(restored(question)))
        keeps = "keep" if keeps_unknown(question) else before.missing
        more = added(question)
        state = replace(before, off=tuple(off), missing=keeps)
        if more is not None:
            assert before.source is not None
            # What is added is to be met, unless it says that it excludes.
            text = f"{before.text}\n{told('inclusion').zh}{more}"
            return self._read(question, text, before.source, False, as_of, state)
        if state != before or (before.kind == READ and agrees(question)):
            return self._count(question, replace(state, kind=COUNTED), as_of)
        return None

    def _source(self, question: str, before: _State | None) -> str | None:
        """The cohort meant: one that is named, the one of before, the only one of the hospital."""
        own = [name for name in self.cohorts if name != self.fallback]
        named = [name for name in self.cohorts if name.lower() in question.lower()]
        if len(named) == 1:
            return named[0]
        if before is not None and before.source is not None:
            return before.source
        if len(own) == 1:
            return own[0]
        return self.fallback if not own else None

    def _read(
        self,
        question: str,
        text: str,
        name: str,
        asks: bool,
        as_of: str,
        before: _State | None = None,
    ) -> Answer | None:
        """The rules read from a text, to be confirmed; or what is wanted, when it holds none.

        What was chosen ``before`` the text grew (criteria left out, those not known kept) holds on.
        """
        from design.cohort import open_source, parse_criteria

        with open_source(self.cohorts[name]) as source:
            parsed = parse_criteria(text, source.vocabulary)
            old = parse_criteria(before.text, source.vocabulary) if before else None
            title = source.name
        off = _still_off(old, parsed, before.off) if before and old else ()
        if parsed.criteria is None:
            if not asks:
                return None  # not a list of criteria: the turn is about something else
            texts = [told("ask_criteria"), told("source", source=title)]
            state = _State(ASKED, source=name)
            return _answer(question, as_of, "needs_clarification", texts, state)
        texts = [told("source", source=title), *_told_rules(parsed)]
        if off:
            texts.append(told("still_off", numbers=", ".join(map(str, off))))
        texts.append(told("confirm"))
        state = _State(READ, text, name, before.missing if before else "exclude", off)
        return _answer(question, as_of, "needs_clarification", texts, state)

    def _count(self, question: str, state: _State, as_of: str) -> Answer:
        from design.cohort import Options, funnel, open_source, parse_criteria

        assert state.source is not None
        options = Options.model_validate(
            {"missing": state.missing, "threshold": self.threshold, "off": list(state.off)}
        )
        with open_source(self.cohorts[state.source]) as source:
            parsed = parse_criteria(state.text, source.vocabulary)
            assert parsed.criteria is not None
            found = funnel(source, parsed.criteria, options)
        texts = [found.sentence, *_steps(found)]
        texts += [_listed("unread", "unread", parsed)] if parsed.unparsed else []
        for key, listed in (("conventions", found.conventions), ("warnings", found.warnings)):
            if listed:
                texts.append(
                    Text(
                        told(key, listed="；".join(each.zh for each in listed)).zh,
                        told(key, listed="; ".join(each.en for each in listed)).en,
                    )
                )
        texts.append(told("by", threshold=self.threshold))
        return _answer(question, as_of, "answered", texts, state, found)


def _state(history: Sequence[Answer]) -> _State | None:
    """Where the last answer left the count; ``None`` when it was about something else."""
    calculations = history[-1].calculations if history else ()
    if not calculations or calculations[0].get("method") not in {READ, COUNTED, ASKED}:
        return None
    given: Mapping[str, Any] = calculations[0]["inputs"]
    return _State(
        calculations[0]["method"],
        given.get("text", ""),
        given.get("source"),
        given.get("missing", "exclude"),
        tuple(given.get("off", ())),
    )


def _still_off(old: ParsedCriteria, new: ParsedCriteria, off: Sequence[int]) -> tuple[int, ...]:
    """The numbers that criteria left out before have now."""
    gone = [rule.to_json() for number, rule in enumerate(old.rules, 1) if number in off]
    return tuple(number for number, rule in enumerate(new.rules, 1) if rule.to_json() in gone)


def _told_rules(parsed: ParsedCriteria) -> list[Text]:
    texts = [_listed("read", "rules", parsed)]
    if parsed.unparsed:
        texts.append(_listed("unread", "unread", parsed))
    if parsed.questions:
        texts.append(_listed("to_confirm", "questions", parsed))
    return texts


def _listed(key: str, name: str, parsed: ParsedCriteria) -> Text:
    """A text over a list of what was read."""
    lists: dict[str, list[tuple[str, str]]] = {
        "rules": [
            (f"{n}. {each.zh}", f"{n}. {each.en}") for n, each in enumerate(parsed.meanings, 1)
        ],
        "unread": [
            (f"{each.text}（{each.reason.zh}）", f"{each.text} ({each.reason.en})")
            for each in parsed.unparsed
        ],
        "questions": [(each.zh, each.en) for each in parsed.questions],
    }
    zh, en = zip(*lists[name], strict=True)
    return Text(told(key, **{name: "；".join(zh)}).zh, told(key, **{name: "; ".join(en)}).en)


def _steps(found: Funnel) -> list[Text]:
    texts = []
    for step in found.steps:
        values: dict[str, Any] = {"number": step.number}
        if step.status != "applied":
            why = step.why or told("switched_off")
            zh = told("step_off", **values, name=step.name.zh, why=why.zh).zh
            texts.append(Text(zh, told("step_off", **values, name=step.name.en, why=why.en).en))
            continue
        counts = {
            "remaining": step.remaining,
            "lost": step.lost,
            "not_met": step.not_met,
            "unknown": step.unknown,
            "cost": step.alone["cost"],
            "gain": step.gain,
        }
        zh = told("step", **values, name=step.name.zh, **_shown(counts, "隐去")).zh
        texts.append(
            Text(zh, told("step", **values, name=step.name.en, **_shown(counts, "hidden")).en)
        )
    return texts


def _shown(counts: Mapping[str, int | None], hidden: str) -> dict[str, str]:
    return {key: hidden if count is None else str(count) for key, count in counts.items()}


def _outputs(found: Funnel) -> dict[str, Any]:
    """The counts that are shown, by criterion and by group; a hidden one is ``None``."""
    steps = found.steps
    return {
        "persons": found.persons,
        "with_index_date": found.base,
        "applied": sum(step.status == "applied" for step in steps),
        "remaining": found.remaining,
        "criteria": [f"{step.number}. {step.name.zh}" for step in steps],
        "remaining_by_criterion": [step.remaining for step in steps],
        "lost": [step.lost for step in steps],
        "not_met": [step.not_met for step in steps],
        "not_known": [step.unknown for step in steps],
        "cost_alone": [step.alone.get("cost") for step in steps],
        "gain_without": [step.gain for step in steps],
        "costliest": dict(found.costliest),
        "remaining_by_site": {group.name or "?": group.remaining for group in found.sites},
        "remaining_by_year": {group.name or "?": group.remaining for group in found.years},
        "conventions": [text.zh for text in (*found.conventions, *found.warnings)],
    }


def _answer(
    question: str,
    as_of: str,
    status: AnswerStatus,
    texts: Sequence[Text],
    state: _State | None,
    found: Funnel | None = None,
) -> Answer:
    language = question_language(question)
    end = "。" if language == "zh" else "."
    counted = status == "answered"
    lines = [said(text, language) for text in texts]
    lines = [line if line.endswith((end, "。", ".")) else line + end for line in lines]
    calculations: tuple[dict[str, Any], ...] = ()
    if state is not None:
        inputs = {
            "text": state.text,
            "source": state.source,
            "missing": state.missing,
            "off": list(state.off),
        }
        outputs = _outputs(found) if found is not None else {}
        entry = {"method": state.kind, "inputs": inputs, "outputs": outputs}
        calculations = (entry | {"reference": _REFERENCE},)
    return Answer(
        answer_id=uuid.uuid4().hex,
        question=question.strip(),
        language=language,
        as_of=as_of,
        status=status,
        statements=tuple(
            Statement(line, support="calculated" if counted else "unsupported") for line in lines
        ),
        calculations=calculations,
        missing=None if counted else " ".join(lines),
    )
