"""What a question is about: its named subject, and the question without its question words."""

from __future__ import annotations

import re

from assistant.conversation.rules import pattern
from assistant.conversation.wording import chinese, without_end, without_lead
from assistant.units import identifiers
from retrieval.lexicon import Lexicon
from retrieval.normalise import fold

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*(?:\([Rr]\d\))?")
_TITLE = re.compile(r"《[^《》]{2,60}》(?:第\d+条)?")
_DEFINED = re.compile(
    r"^(?:什么是|何谓|什么叫)(?P<zh>[^,，?？]{2,20})"
    r"|^what (?:is|are) (?:an? |the )?(?P<en>[\w -]{2,40}?)$",
    re.I,
)
_CLAUSE = re.compile(r"[?;。!]+")
_LONGEST = 60  # characters of a topic with Chinese
_LONGEST_EN = 160


def entities(question: str, lexicon: Lexicon | None) -> list[str]:
    """Names that stand for one trial or document, as they were written, in order."""
    found = [(match.start(), match.group()) for match in _TITLE.finditer(question)]
    codes = identifiers(question)
    inside = [match.span() for match in _TITLE.finditer(question)]
    for match in _TOKEN.finditer(question):
        name = fold(match.group())
        if any(start <= match.start() < end for start, end in inside):
            continue
        is_trial = lexicon is not None and lexicon.is_trial(name)
        typed = match.group() != match.group().lower()
        known = lexicon is not None and bool(lexicon.equivalents(name))
        if (is_trial and typed) or (name in codes and not known):
            found.append((match.start(), match.group()))
    return list(dict.fromkeys(name for _, name in sorted(found)))


def terms(text: str, lexicon: Lexicon | None) -> list[str]:
    """Terms of the field that a text names, in order."""
    if lexicon is None:
        return []
    folded = fold(text)
    spans = lexicon.name_spans(folded)
    return [folded[start:end] for start, end in spans if lexicon.is_term(folded[start:end])]


def subject(question: str, lexicon: Lexicon | None) -> str | None:
    """What a question is about by name: a trial, a document, what it wants defined, a term."""
    named = entities(question, lexicon)
    if named:
        return ("和" if chinese(question) else " and ").join(named)
    defined = _DEFINED.search(without_end(without_lead(question)))
    if defined:
        return (defined["zh"] or defined["en"]).strip()
    found = terms(question, lexicon)
    if not found:
        return None
    start = fold(question).find(found[0])
    same = len(fold(question)) == len(question)
    return question[start : start + len(found[0])] if same else found[0]


def topic(question: str, lexicon: Lexicon | None) -> str:
    """A question without its question words: what a further question may be put behind.

    >>> topic("药物临床试验申请受理后多少个工作日内决定?", None)
    '药物临床试验申请受理后决定'
    """
    clause = _main_clause(question, lexicon)
    shorter = pattern("topic", "lead").sub("", without_lead(clause))
    shorter = without_end(shorter)
    if chinese(shorter):
        shorter = pattern("topic", "zh").sub("", shorter)
        shorter = pattern("topic", "zh_tail").sub("", shorter)
    else:
        shorter = pattern("topic", "en").sub("", shorter)
    shorter = re.sub(r"\s+", " ", shorter).strip(" ,，的")
    return _cut(shorter or without_end(clause))


def _cut(text: str) -> str:
    """A text of bearable length that ends with a whole word."""
    if chinese(text):
        return text[:_LONGEST]
    return text if len(text) <= _LONGEST_EN else text[:_LONGEST_EN].rsplit(" ", 1)[0]


def _main_clause(question: str, lexicon: Lexicon | None) -> str:
    """Of several sentences the one that names most."""
    clauses = [piece.strip() for piece in _CLAUSE.split(question) if piece.strip()]
    if len(clauses) < 2:
        return question
    return max(clauses, key=lambda clause: (len(terms(clause, lexicon)), len(clause) <= _LONGEST))
