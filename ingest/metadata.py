"""Read kind, issuer, dates and draft state off a document.

Front matter wins. What it leaves open is inferred from the title, the file name and the text with
the reviewed rules of ``ingest/rules.toml``; what cannot be told stays ``None``.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path, PurePath
from typing import Any, get_args

from ingest.loaders.base import Loaded
from ingest.model import Block, DocumentKind, Metadata
from ingest.naming import NameCheck, check_name, find_identifiers
from ingest.text import CJK

_RULES = Path(__file__).with_name("rules.toml")
_CN_DATE = r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_EFFECTIVE = re.compile(rf"自\s*{_CN_DATE}\s*起\s*(?:施行|实施|执行|生效)")
_EFFECTIVE_AT_ONCE = re.compile(r"自(?:公布|发布|印发)之日起(?:施行|实施|执行)")
_ADOPTED = re.compile(rf"{_CN_DATE}.{{0,80}}?(?:通过|修订|修正|公布|发布|印发)")
_REPEALS = re.compile(r"((?:《[^《》]{2,60}》[^《》。；]{0,40}?)+)同时废止")
_BRACKETED_DATE = re.compile(r"[（(](\d{4}-\d{2}-\d{2})[)）]")
_DOCUMENT_NUMBER = re.compile(r"(\d{4}年第\d+号|第\d+号令|[\u4e00-\u9fff]{2,12}〔\d{4}〕\d+号)")
_VERSION_TAIL = re.compile(
    r"[（(][^（）()]*(?:\d{4}|修订|修正|试行|征求意见稿|草案|号|版)[^（）()]*[)）]"
)
_TITLE_LABEL = re.compile(
    r"^\s*(?:(?:full|study|protocol|trial|official)\s+)?(?:title|题目|名称)\s*[:：|]+[\s|]*(.*)$",
    re.I,
)
_SHORTEST_TITLE, _LONGEST_TITLE = 25, 300
_TITLE_BLOCKS = 25
_OPENING_BLOCKS = 12
_CLOSING_BLOCKS = 12
_KINDS = set(get_args(DocumentKind))


@cache
def _rules() -> dict[str, Any]:
    with _RULES.open("rb") as file:
        return tomllib.load(file)


def infer_metadata(
    name: str, format_name: str, loaded: Loaded, record: str | None = None
) -> Metadata:
    """Complete what the loader found with what the title, file name and text tell.

    Args:
        name: File name, with ending.
        format_name: Name of the format in :data:`ingest.loaders.FORMATS`.
        loaded: What the loader returned.
        record: Name of the record when the file holds several: the file's own name says nothing
            about it then.
    """
    given = _given(loaded.metadata)
    name_check = check_name(name, loaded.blocks) if record is None else NameCheck(record, ())
    title = given.title or _title(loaded, name_check.label)
    opening = "\n".join(block.text for block in loaded.blocks[:_OPENING_BLOCKS])
    closing = "\n".join(block.text for block in loaded.blocks[-_CLOSING_BLOCKS:])
    stem = PurePath(name).stem if record is None else record
    named = f"{title}\n{stem.replace('_', ' ')}"
    kind = given.kind or _kind(title, stem, format_name)
    version = given.version_date or _version_date(named, opening, kind)
    effective = given.effective_from or _effective_from(closing, version, kind)
    return replace(
        given,
        title=title.strip(),
        kind=kind,
        issuer=given.issuer or _issuer(opening),
        document_number=given.document_number or _first(_DOCUMENT_NUMBER, named),
        issued=given.issued or version,
        version_date=version or given.issued,
        effective_from=effective,
        language=given.language or detect_language("\n".join(b.text for b in loaded.blocks[:80])),
        # Only the text itself can abolish another: front matter is anybody's word.
        repeals=_repeals(closing, kind),
        draft=given.draft or _matches_any(_rules()["draft"]["titles"], named),
        label=name_check.label,
        doubtful_names=name_check.doubtful,
        identifiers=given.identifiers or _identifiers(loaded.blocks, kind),
    )


def _identifiers(blocks: Sequence[Block], kind: DocumentKind) -> tuple[str, ...]:
    return find_identifiers(blocks) if kind == "protocol" else ()


def base_title(title: str) -> str:
    """Strip what tells versions of one text apart: 中华人民共和国, dates, (…修订版), spaces.

    >>> base_title("中华人民共和国生物安全法（2024年修正）")
    '生物安全法'
    """
    stripped = _VERSION_TAIL.sub("", title)
    stripped = re.sub(r"[（(]\d{4}-\d{2}-\d{2}[)）]", "", stripped)
    stripped = re.sub(r"[\s《》]", "", stripped)
    return re.sub(r"^中华人民共和国", "", stripped)


def detect_language(text: str) -> str | None:
    """``zh`` or ``en`` by the share of CJK characters among letters; ``None`` without letters."""
    cjk = len(re.findall(f"[{CJK}]", text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    if cjk + latin == 0:
        return None
    return "zh" if cjk >= latin else "en"


def _given(metadata: dict[str, Any]) -> Metadata:
    """Front matter as typed metadata; values of a wrong type are left out, never trusted."""
    values: dict[str, Any] = {}
    for key, value in metadata.items():
        if key in {"keywords", "repeals", "identifiers"}:
            items = value if isinstance(value, (list, tuple)) else [value]
            values[key] = tuple(str(item) for item in items if item)
        elif key in {"issued", "effective_from", "effective_to", "version_date"}:
            values[key] = _iso(value)
        elif key == "kind":
            values[key] = value if value in _KINDS else None
        elif key == "draft":
            values[key] = bool(value)
        elif key in Metadata.__dataclass_fields__ and value is not None:
            values[key] = str(value).strip() or None
    return Metadata(**{key: value for key, value in values.items() if value is not None})


def _iso(value: object) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    match = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(value).strip())
    return _date(*match.groups()) if match else None


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _first_heading(blocks: Sequence[Block]) -> str | None:
    for block in blocks[:_OPENING_BLOCKS]:
        if block.kind == "heading" and 2 <= len(block.text) <= 120:
            return block.text
    return None


def _title(loaded: Loaded, label: str) -> str:
    """The loader's title or the first heading; 「Clinical Study Protocol」 is not yet a title."""
    title = loaded.title or _first_heading(loaded.blocks)
    if title is None:
        return label
    if not _matches_any(_rules()["title"]["generic"], title.strip()):
        return title
    return _descriptive_title(loaded.blocks) or f"{title.strip()} ({label})"


def _descriptive_title(blocks: Sequence[Block]) -> str | None:
    """What stands behind 「Title:」, or the first opening line that speaks of a study."""
    opening = blocks[:_TITLE_BLOCKS]
    for position, block in enumerate(opening):
        labelled = _labelled_title(block.text.splitlines())
        if labelled:
            return _continued(labelled, opening[position + 1 :])
    for position, block in enumerate(opening):
        long_enough = _SHORTEST_TITLE <= len(block.text) <= _LONGEST_TITLE
        if long_enough and "|" not in block.text and _speaks_of_study(block.text):
            return _continued(block.text, opening[position + 1 :])
    return None


def _labelled_title(lines: Sequence[str]) -> str | None:
    """A title page's 「Title:」 cell, whose lines may stand above and below the label."""
    for position, line in enumerate(lines):
        match = _TITLE_LABEL.match(line)
        if not match:
            continue
        above = list(itertools.takewhile(_unlabelled, reversed(lines[:position])))
        below = itertools.takewhile(_unlabelled, lines[position + 1 :])
        title = " ".join([*reversed(above), match.group(1), *below])
        if len(title) >= _SHORTEST_TITLE and _speaks_of_study(title):
            return " ".join(title.split())
    return None


def _unlabelled(line: str) -> bool:
    return "|" not in line and not re.search(r"[:：]\s*$", line)


def _speaks_of_study(text: str) -> bool:
    return _matches_any(_rules()["title"]["speaks_of_study"], text)


def _continued(title: str, following: Sequence[Block]) -> str:
    """Add the lines a title page breaks a title into: capitals after capitals."""
    for block in following:
        if not (title.isupper() and block.text.isupper() and ":" not in block.text):
            break
        title = f"{title} {block.text}"
    return " ".join(title.split())[:_LONGEST_TITLE]


def _kind(title: str, stem: str, format_name: str) -> DocumentKind:
    by_format: DocumentKind | None = _rules()["kind_by_format"].get(format_name)
    if by_format:
        return by_format
    bare = base_title(title)
    kinds: dict[DocumentKind, list[str]] = _rules()["kind"]
    # English is read as it stands: a bare title has no spaces between words.
    for candidate in (bare, title, base_title(stem), stem.replace("_", " ")):
        for kind, patterns in kinds.items():
            if _matches_any(patterns, candidate):
                return kind
    return "other"


def _matches_any(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, re.I) for pattern in patterns)


def _version_date(named: str, opening: str, kind: DocumentKind) -> str | None:
    bracketed = next(filter(None, map(_iso, _BRACKETED_DATE.findall(named))), None)
    if bracketed:
        return bracketed
    if kind not in {"law", "regulation", "guideline"}:
        return None
    preamble = re.split(r"第[一1]条", opening)[0]
    dates = [_date(*groups) for groups in _ADOPTED.findall(preamble)]
    return max((d for d in dates if d), default=None)


def _effective_from(closing: str, version: str | None, kind: DocumentKind) -> str | None:
    """The later of the stated date and the version's own: an amendment keeps the first date."""
    if kind not in {"law", "regulation", "guideline"}:
        return None
    found = list(_EFFECTIVE.finditer(closing))
    stated = _date(*found[-1].groups()) if found else None
    if stated and version:
        return max(stated, version)
    if stated:
        return stated
    return version if _EFFECTIVE_AT_ONCE.search(closing) else None


def _repeals(closing: str, kind: DocumentKind) -> tuple[str, ...]:
    if kind not in {"law", "regulation", "guideline"}:
        return ()
    titles: list[str] = []
    for match in _REPEALS.finditer(closing):
        titles.extend(base_title(t) for t in re.findall(r"《([^《》]+)》", match.group(1)))
    return tuple(dict.fromkeys(titles))


def _issuer(opening: str) -> str | None:
    issuers: dict[str, list[str]] = _rules()["issuer"]
    for issuer, patterns in issuers.items():
        if _matches_any(patterns, opening):
            return issuer
    return None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match.group(1) if match else None
