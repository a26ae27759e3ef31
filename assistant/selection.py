"""Choose the sentences that answer a part of a question, and complete lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.evidence import Scored, Sentence
from assistant.question import Part
from assistant.settings import AnswerSettings
from ingest.metadata import base_title
from ingest.model import Block
from retrieval import Hit
from retrieval.normalise import compare_form, fold

BlocksAfter = Callable[[Hit, int, int], list[tuple[int, Block]]]
"""Reads blocks of a hit's document: ``(hit, first ordinal, how many)``."""

_ITEM = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳]|[•·●▪◦–-]\s)")
_LEAD_IN = re.compile(r"[：:]\s*$")
_SAME_TEXT = 0.8


def answers(scored: Scored, settings: AnswerSettings) -> bool:
    """Whether a sentence and its passage cover enough of the question to stand as an answer.

    Under a heading that says what was asked (「主要终点」) the sentence need not say it again.
    """
    if not covers(scored, settings) or not scored.wants_met:
        return False
    return (
        scored.own >= settings.min_sentence_coverage
        or scored.headed >= settings.min_headed_coverage
    )


def covers(scored: Scored, settings: AnswerSettings) -> bool:
    """Enough of the question; more of it when the passage does not name the subject."""
    needed = settings.min_coverage if scored.subject_met else settings.min_coverage_off_subject
    return scored.coverage >= needed


def select(
    ranked: Sequence[Scored], part: Part, settings: AnswerSettings, blocks_after: BlocksAfter
) -> list[Sentence]:
    """Sentences for one part, the best first; empty when none answers.

    Further sentences join when they score nearly as well and say something else. A sentence that
    introduces a list brings its items along; when a list is asked for, an item brings the sentence
    that introduces it and its fellows.
    """
    good = [s for s in ranked if answers(s, settings) or _may_lead(s, settings)]
    if not good:
        return []
    bar = good[0].score * settings.keep_ratio
    chosen: list[Sentence] = []
    for candidate in good:
        if len(chosen) >= settings.max_statements or candidate.score < bar:
            break
        if _repeats(candidate.sentence, chosen):
            continue
        if candidate.sentence.outdated and chosen and not chosen[0].outdated:
            continue  # what has been changed since only speaks when nothing current does
        expanded = _with_list(candidate, part, settings, blocks_after)
        if len(expanded) > 1:
            # Items of a list may differ in one character; only the very same place is a repeat.
            shown = {(s.hit.document.id, s.block, s.start) for s in chosen}
            chosen += [s for s in expanded if (s.hit.document.id, s.block, s.start) not in shown]
        else:
            chosen += [s for s in expanded if not _repeats(s, chosen)]
        if len(expanded) > 1:
            break  # a complete list is an answer; what scores below it is not added
    return chosen


def _may_lead(scored: Scored, settings: AnswerSettings) -> bool:
    """A list's first sentence need not hold the number asked for; its items may."""
    return (
        scored.sentence.leads_list
        and covers(scored, settings)
        and scored.own >= settings.min_lead_coverage
    )


def _repeats(sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """The same words again, or the same place of another copy of the same text."""
    text = compare_form(sentence.text)
    for other in chosen:
        known = compare_form(other.text)
        if text in known or known in text or _overlap(text, known) > _SAME_TEXT:
            return True
        if _same_place(sentence, other) and sentence.hit.document.id != other.hit.document.id:
            return True
    return False


def _same_place(a: Sentence, b: Sentence) -> bool:
    section = a.hit.chunk.locator.section
    return (
        section is not None
        and section == b.hit.chunk.locator.section
        and base_title(a.hit.document.title) == base_title(b.hit.document.title)
    )


def _overlap(a: str, b: str) -> float:
    pairs_a = {a[i : i + 2] for i in range(len(a) - 1)}
    pairs_b = {b[i : i + 2] for i in range(len(b) - 1)}
    smaller = min(len(pairs_a), len(pairs_b))
    return len(pairs_a & pairs_b) / smaller if smaller else 0.0


def _with_list(
    candidate: Scored, part: Part, settings: AnswerSettings, blocks_after: BlocksAfter
) -> list[Sentence]:
    """The sentence with the list it introduces or stands in, as far as that answers."""
    sentence = candidate.sentence
    wants_list = any(want.name == "list" for want in part.wants)
    if sentence.leads_list:
        items = _items_after(sentence, settings, blocks_after)
        if wants_list or not part.wants:
            return [sentence, *items]
        fitting = [i for i in items if any(w.met_by(fold(i.text)) for w in part.wants)]
        if fitting:
            return [sentence, *fitting]
        return [sentence] if answers(candidate, settings) else []
    if wants_list:
        lead = _lead_of(sentence, settings, blocks_after)
        if lead is not None:
            return [lead, *_items_after(lead, settings, blocks_after)]
    return [sentence]


def _items_after(
    lead: Sentence, settings: AnswerSettings, blocks_after: BlocksAfter
) -> list[Sentence]:
    following = blocks_after(lead.hit, lead.block, settings.max_list_items + 1)
    block = following[0][1]
    items: list[Sentence] = []
    if lead.end < len(block.text.rstrip()):
        return items  # the colon stands inside a paragraph: its continuation is in the same block
    for ordinal, item in following[1:]:
        if not _is_item(item):
            break
        items.append(Sentence(lead.hit, ordinal, 0, len(item.text), item.text))
    return items


def _is_item(block: Block) -> bool:
    return block.kind == "list_item" or (
        block.kind == "paragraph" and bool(_ITEM.match(block.text)) and len(block.text) < 400
    )


def _lead_of(
    sentence: Sentence, settings: AnswerSettings, blocks_after: BlocksAfter
) -> Sentence | None:
    """The sentence that introduces the list an item stands in, if there is one."""
    first = max(0, sentence.block - settings.max_list_items)
    before = blocks_after(sentence.hit, first, sentence.block - first + 1)
    if not before or not _is_item(before[-1][1]):
        return None
    for ordinal, block in reversed(before[:-1]):
        if _is_item(block):
            continue
        if block.kind == "paragraph" and _LEAD_IN.search(block.text):
            start = max(block.text.rfind("。") + 1, 0)
            return Sentence(sentence.hit, ordinal, start, len(block.text), block.text[start:])
        return None
    return None
