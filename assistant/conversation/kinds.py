"""What takes the place of what: 器械 of 药物, visit 4 of visit 3, EMPEROR-Reduced of DAPA-HF."""

from __future__ import annotations

import re

from assistant.conversation.rules import Kind, kinds, pattern, values
from assistant.conversation.topic import entities
from assistant.designators import designator_spans
from retrieval.lexicon import Lexicon
from retrieval.normalise import fold

# Names of these domains are things of one kind; those of others (操作, 法规) are not.
_DOMAINS = frozenset(
    (
        *("drug", "drug_class", "disease", "device", "scale", "lab", "imaging"),
        *("endpoint", "organisation", "statistics", "target", "innovation", "procedure"),
    )
)
_SPARE = 4  # characters of a name beyond the member of a kind that it holds
_ORDINAL = re.compile(
    r"(?P<before>第|(?:article|section|visit|week|day|grade|table|appendix) )?(?P<number>\d{1,3})"
    r"(?P<after>[条款项章节次个周天级期]?)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"《[^《》]{2,60}》")


def replaced(question: str, name: str, lexicon: Lexicon | None) -> str | None:
    """A question with ``name`` in the place of the thing of the same kind it holds, or ``None``.

    >>> replaced("药物临床试验申请受理后多少个工作日内决定?", "器械", None)
    '器械临床试验申请受理后多少个工作日内决定?'
    """
    return (
        _title(question, name)
        or _entity(question, name, lexicon)
        or _value(question, name)
        or _designator(question, name)
        or _numbered(question, name)
        or _by_lexicon(question, name, lexicon)
        or _member(question, name)
    )


def modifier(name: str) -> bool:
    """Whether a name says for whom or what kind of product a rule shall hold."""
    return any(
        kind.modifies and any(_covers(member, name) for member in kind.members) for kind in kinds()
    )


def same_kind(question: str, rest: str) -> str | None:
    """A question in which what ``rest`` names takes the place of the things of the same kinds."""
    changed = question
    for kind in kinds():
        found = [(m, hit) for m in kind.members if (hit := m.search(rest))]
        if len(found) == 1:
            changed = _swap(changed, found[0][1].group(), kind, found[0][0]) or changed
    return changed if changed != question else None


def _title(question: str, name: str) -> str | None:
    if not _TITLE.fullmatch(name) or name in question:
        return None
    changed, count = _TITLE.subn(lambda _: name, question, count=1)
    return changed if count else None


def _value(question: str, name: str) -> str | None:
    """A new value for an input that was given: 把握度90% for 把握度80%."""
    for one in values():
        new, old = one.search(name), one.search(question)
        if new and old and new.group() != old.group():
            said = pattern("value_words", "said").sub("", new.group()).strip()
            return question[: old.start()] + said + question[old.end() :]
    return None


def _entity(question: str, name: str, lexicon: Lexicon | None) -> str | None:
    """One trial or study code in the place of another."""
    if entities(name, lexicon) != [name] or name in question:
        return None
    old = entities(question, lexicon)
    return question.replace(old[0], name) if old else None


def _designator(question: str, name: str) -> str | None:
    """Visit 4 in the place of visit 3, when the name is little more than the designator."""
    new = designator_spans(name)
    if len({kind for kind, _, _ in new}) != 1 or len(name) > 20:
        return None
    kind = new[0][0]
    old = [(start, end) for known, start, end in designator_spans(question) if known == kind]
    if not old:
        return None
    start, end = old[0]
    own = name[new[0][1] : new[0][2]]
    if question[start:end].casefold() == own.casefold():
        return None
    return _clean(question[:start] + own + question[end:])


def _numbered(question: str, name: str) -> str | None:
    """第24条 for 第23条, 「第5次」 for 第4次访视, article 24 for article 23."""
    found = _ORDINAL.fullmatch(name)
    if found is None:
        return None
    before, number, after = (
        re.escape(found["before"] or ""),
        found["number"],
        re.escape(found["after"]),
    )
    old = re.search(rf"{before}(\d{{1,3}}){after}", question, re.IGNORECASE)
    if old is None or old.group(1) == number or not (before or after):
        return None
    return question[: old.start(1)] + number + question[old.end(1) :]


def _by_lexicon(question: str, name: str, lexicon: Lexicon | None) -> str | None:
    """A name of the lexicon for one of the same domain, a trial for a trial."""
    if lexicon is None:
        return None
    folded = fold(name)
    if not lexicon.equivalents(folded) or len(folded) != len(name):
        return None
    wanted = lexicon.domains(folded) & _DOMAINS
    whole = fold(question)
    if len(whole) != len(question):
        return None
    trial = lexicon.is_trial(folded)
    spans = [
        (start, end)
        for start, end in lexicon.name_spans(whole)
        if whole[start:end] != folded
        and (
            lexicon.is_trial(whole[start:end])
            if trial
            else bool(lexicon.domains(whole[start:end]) & wanted)
        )
    ]
    if not spans or name.casefold() in question.casefold():
        return None
    start, end = spans[0] if trial else spans[-1]
    return question[:start] + name + question[end:]


def _member(question: str, name: str) -> str | None:
    for kind in kinds():
        held = [member for member in kind.members if _covers(member, name)]
        if held and (changed := _swap(question, name, kind, held[0])):
            return changed
    return None


def _covers(member: re.Pattern[str], name: str) -> bool:
    """Whether a name is a member of a kind with little beside it."""
    found = member.search(name)
    if found is None:
        return False
    beside = name[: found.start()] + name[found.end() :]
    spare = _SPARE if re.search(r"[\u4e00-\u9fff]", name) else 3 * _SPARE
    return len(beside.strip()) <= spare


def _swap(question: str, name: str, kind: Kind, own: re.Pattern[str]) -> str | None:
    """``name``, held by ``own``, in the place of the first other member in a question."""
    olds = [
        found
        for member in kind.members
        if (kind.alike or member is not own) and (found := member.search(question))
    ]
    olds = [old for old in olds if old.group().casefold() != name.casefold()]
    if not olds:
        return None
    old = min(olds, key=lambda found: (found.start(), -found.end()))
    mine = own.search(question)
    if mine and not kind.alike and mine.start() < old.start():
        return None  # it was asked about already
    before, after = question[: old.start()], question[old.end() :]
    if mine and not kind.alike and mine.start() >= old.end():
        # 「研究者多久报告申办者」 asked of the 申办者 is not a report to itself.
        after = own.sub("", after, count=1)
    return _clean(_joined(before, name, own, after))


def _joined(before: str, name: str, own: re.Pattern[str], after: str) -> str:
    """Put a name between two texts without saying twice what they share."""
    found = own.search(name)
    if found:
        head, tail = name[: found.start()], name[found.end() :]
        if tail and after.startswith(tail):
            after = after[len(tail) :]
        if head and before.endswith(head):
            before = before[: -len(head)]
    return before + name + after


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\s+([?,;:])", r"\1", text)).strip()
