"""Choose the sentences that answer a part of a question, and complete lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.evidence import Sentence, announces
from assistant.features import Asked
from assistant.likeness import likeness
from assistant.question import Part, kinds_of
from assistant.scoring import Scored
from assistant.settings import AnswerSettings
from assistant.units import Passage, Unit
from ingest.metadata import base_title
from ingest.model import Block
from retrieval import Hit
from retrieval.lexicon import HAS_CJK
from retrieval.normalise import compare_form, fold

BlocksAfter = Callable[[Hit, int, int], list[tuple[int, Block]]]
"""Reads blocks of a hit's document: ``(hit, first ordinal, how many)``."""

_ITEM = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳]|[•·●▪◦–-]\s)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SAME_TEXT = 0.8
_SAME_MEANING = 0.6  # cosine
_CONSIDERED = 60
_STILL_CLOSE = 4.0  # log-odds
_LISTS_TRIED = 8
_HALF = 0.5
_AND = re.compile(r"\s*(?:和|与|及|以及|跟|、|/|,|或|还是|and|or|vs\.?|versus)\s*")


def answers(scored: Scored) -> bool:
    """Whether a sentence may stand as an answer: it is of a kind that was asked for."""
    return scored.measured.wants_met


def covers(best: Scored, settings: AnswerSettings) -> bool:
    """Whether the best sentence, with what stands around it, has enough of the question's words.

    A floor below the confidence, for questions unlike those it was fitted on.
    """
    if best.told is not None:
        return True  # judged by what it says of outcome and treatment
    on_focus = best.features["focus"] >= _HALF
    least = settings.min_coverage if on_focus else settings.min_coverage_off_focus
    return best.features["context"] >= least


@dataclass(frozen=True, slots=True)
class Selection:
    """Sentences chosen for one part, the best first; ``leading`` of them are the answer itself."""

    sentences: tuple[Sentence, ...] = ()
    leading: int = 0


def select(
    ranked: Sequence[Scored],
    asked: Asked,
    settings: AnswerSettings,
    blocks_after: BlocksAfter,
) -> Selection:
    """Sentences for one part; none when none answers.

    After the best one, each next is the one that adds most: a thing that was asked about together
    with another (研究者和申办者) and is not covered yet, a further kind of fact of the same
    document (a time limit, a consequence), little that was said already. A sentence that
    introduces a list brings its items along; when a list is asked for, an item brings the sentence
    that introduces it and its fellows.
    """
    # A lead-in whose items do not answer would set the bar for those that do.
    good = [
        s
        for s in ranked
        if answers(s)
        or (_may_lead(s, settings) and _with_list(s, asked.part, settings, blocks_after))
    ]
    good = good if asked.older else _current(good)
    if not good:
        return Selection()
    if wants_list(asked.part):
        good = _lists_first(good, asked.part, settings, blocks_after)
    together = coordinated(asked)
    chosen: list[Sentence] = []
    groups = leading = 0
    open_to_choice = good[:_CONSIDERED]
    while open_to_choice and groups < settings.max_statements + settings.max_details:
        gains = [_gain(s, good[0], chosen, together, settings) for s in open_to_choice]
        place = max(range(len(gains)), key=gains.__getitem__)
        if gains[place] < good[0].score - settings.keep_within:
            break
        candidate = open_to_choice.pop(place)
        added = _fresh(_with_list(candidate, asked.part, settings, blocks_after), chosen)
        if added and not _translates(candidate.sentence, chosen):
            groups += 1
            chosen += added
            leading = len(chosen) if groups <= settings.max_statements else leading
        if sum(len(s.text) for s in chosen) > settings.max_answer_chars:
            break
    return Selection(tuple(chosen), leading)


def wants_list(part: Part) -> bool:
    """Whether several things are asked for."""
    return any(want.name == "list" for want in part.wants)


def _lists_first(
    good: list[Scored], part: Part, settings: AnswerSettings, blocks_after: BlocksAfter
) -> list[Scored]:
    """With the best sentence of a list in front, when it is close to the best of all."""
    for scored in good[:_LISTS_TRIED]:
        if scored.score < good[0].score - _STILL_CLOSE:
            break
        if len(_with_list(scored, part, settings, blocks_after)) > 1:
            ahead = replace(scored, score=good[0].score)
            return [ahead, *(s for s in good if s is not scored)]
    return good


def _current(good: list[Scored]) -> list[Scored]:
    """Without drafts and texts changed since, when something in force may answer too."""
    in_force = [s for s in good if not s.sentence.outdated]
    close = in_force and in_force[0].score >= good[0].score - _STILL_CLOSE
    return in_force if close else good


def _fresh(expanded: list[Sentence], chosen: Sequence[Sentence]) -> list[Sentence]:
    """Those not said yet. Items of a list may differ in one character; only their place counts."""
    if len(expanded) == 1:
        return [s for s in expanded if not _repeats(s, chosen)]
    shown = {(s.hit.document.id, s.block, s.start) for s in chosen}
    return [s for s in expanded if (s.hit.document.id, s.block, s.start) not in shown]


def _translates(sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether a sentence says what was chosen of the same document in the other language.

    It repeats the numbers, or means much the same to the embedder.
    """
    others = [
        s.text
        for s in chosen
        if s.hit.document.id == sentence.hit.document.id
        and bool(HAS_CJK.search(s.text)) != bool(HAS_CJK.search(sentence.text))
    ]
    if not others:
        return False
    said = _numbers(sentence.text)
    return (
        any(said and said <= _numbers(text) for text in others)
        or likeness(sentence.text, others).max() >= _SAME_MEANING
    )


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(fold(text)))


def _gain(
    scored: Scored,
    best: Scored,
    chosen: Sequence[Sentence],
    together: Sequence[Unit],
    settings: AnswerSettings,
) -> float:
    """What a sentence adds to those chosen, in the measure of scores."""
    if not chosen:
        return scored.score
    gain = scored.score - settings.repetition_penalty * _said(scored.sentence, chosen)
    text = Passage(scored.sentence.text)
    said = [Passage(s.text) for s in chosen]
    if any(u.match(text) == 1.0 and not any(u.match(p) == 1.0 for p in said) for u in together):
        gain += settings.together_bonus
    if scored.sentence.hit.document.id == best.sentence.hit.document.id:
        kinds = kinds_of(text.folded) - {k for p in said for k in kinds_of(p.folded)}
        gain += settings.kind_bonus * bool(kinds)
    return gain


def _said(sentence: Sentence, chosen: Sequence[Sentence]) -> float:
    text = compare_form(sentence.text)
    return max(_overlap(text, compare_form(other.text)) for other in chosen)


def coordinated(asked: Asked) -> list[Unit]:
    """Words asked about together: those joined by 和, 、, "and" … in the question.

    >>> # 「研究者和申办者的时限」 → 研究者, 申办者
    """
    folded = fold(asked.part.text)
    places = sorted(
        (place, place + len(unit.text), unit)
        for unit in asked.units
        if unit.telling and (place := folded.find(unit.text)) >= 0
    )
    found: list[Unit] = []
    for (_, end, first), (start, _, second) in pairwise(places):
        if _AND.fullmatch(folded[end:start]):
            found += [unit for unit in (first, second) if unit not in found]
    return found


def _may_lead(scored: Scored, settings: AnswerSettings) -> bool:
    """A list's first sentence need not hold the number asked for; its items may."""
    own = scored.features["own"]
    return scored.sentence.leads_list and own >= settings.min_lead_coverage


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
    whole = wants_list(part)
    if sentence.leads_list:
        items = _items_after(sentence, settings, blocks_after)
        if whole or not part.wants:
            return [sentence, *items]
        fitting = [i for i in items if any(w.met_by(fold(i.text)) for w in part.wants)]
        if fitting:
            return [sentence, *fitting]
        return [sentence] if answers(candidate) else []
    if whole:
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
        if block.kind == "paragraph" and announces(block.text):
            start = max(block.text.rfind("。") + 1, 0)
            return Sentence(sentence.hit, ordinal, start, len(block.text), block.text[start:])
        return None
    return None
