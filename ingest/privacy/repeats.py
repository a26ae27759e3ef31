"""Personal data met again without its label: a name found once is masked everywhere."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.privacy.findings import Finding, FindingKind
from ingest.privacy.folding import Folded
from ingest.text import CJK

_REPEATED: frozenset[FindingKind] = frozenset(
    {"name", "medical_record", "resident_id", "passport", "permit", "bank_card", "mobile"}
)
_CJK_MARK = re.compile(f"[{CJK}]")
_BEFORE_NAME = (
    "患者",
    "病人",
    "受试者",
    "患儿",
    "家属",
    "之子",
    "之女",
    "儿子",
    "女儿",
    "父亲",
    "母亲",
    "配偶",
    "妻子",
    "丈夫",
)
_AFTER_NAME = ("先生", "女士", "小姐", "患者", "家属", "电话", "手机", "男", "女")
_WORD = re.compile(r"[A-Za-z0-9]")


def repeats(texts: Sequence[Folded], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Return further places of the personal values among ``findings``."""
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    known: dict[str, Finding] = {}
    for finding in findings:
        taken[finding.block].append((finding.start, finding.end))
        if finding.severity == "personal" and finding.kind in _REPEATED:
            text = texts[finding.block]
            start, end = text.folded_span(finding.start, finding.end)
            known.setdefault(text.text[start:end], finding)
    for number, text in enumerate(texts):
        places = sorted(taken[number])
        for at, value in _places(text.text, known):
            start, end = text.span(at, at + len(value))
            after = bisect(places, (start, end))
            if any(begin < end and start < stop for begin, stop in places[max(0, after - 1) :][:2]):
                continue
            first = known[value]
            reason = f"the same as in block {first.block + 1}, {first.reason}"
            yield Finding(first.kind, number, start, end, first.masked, "personal", reason)


def _places(text: str, known: dict[str, Finding]) -> Iterator[tuple[int, str]]:
    """Find the known values as a whole; looked up, since a list may hold thousands of people."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for value in known:
        lengths[value[0]].add(len(value))
    if not lengths:
        return
    done = 0
    for match in re.finditer(f"[{re.escape(''.join(lengths))}]", text):
        at = match.start()
        if at < done:
            continue
        for length in sorted(lengths[match.group()], reverse=True):
            value = text[at : at + length]
            if value in known and _stands_alone(text, at, at + length, known[value].kind):
                yield at, value
                done = at + length
                break


def _stands_alone(text: str, start: int, end: int, kind: FindingKind) -> bool:
    """Tell whether a value is no part of a longer word or number.

    Only a Chinese name of two characters may be part of another word: it needs a border or a
    word for a patient on one side and nothing Chinese, or a form of address, on the other.
    """
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if text[start:end].isascii():
        decimal = kind != "name" and (before == "." or re.match(r"\.\d", text[end : end + 2]))
        return not (_WORD.match(before) or _WORD.match(after) or decimal)
    if kind != "name" or end - start > 2:
        return True
    if text[max(0, start - 3) : start].endswith(_BEFORE_NAME):
        return True
    addressed = text[end : end + 2].startswith(_AFTER_NAME)
    return not _CJK_MARK.match(before) and (addressed or not _CJK_MARK.match(after))
