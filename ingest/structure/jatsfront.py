"""What a JATS article says about itself: metadata, identifiers, and whether it still stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.structure.jatsdates import issued
from ingest.structure.jatstext import TextReader
from ingest.structure.jatsxml import LANG, XLINK, Element, children, language_of

# Primary registers of the WHO registry network, as their numbers are written.
TRIAL_NUMBER = re.compile(
    r"\b(?:NCT\d{8}|ChiCTR[-A-Z]*\d{8,10}|ISRCTN\d{8}|ACTRN\d{14}|CTRI/\d{4}/\d{2,3}/\d{6}|"
    r"DRKS\d{8}|EUCTR\d{4}-\d{6}-\d{2}|\d{4}-\d{6}-\d{2}(?:-[A-Z]{2,4})?|jRCTs?\d{9,10}|"
    r"UMIN\d{9}|IRCT\d{11,16}(?:N\d+)?|KCT\d{7}|NTR\d{3,5}|PACTR\d{12,18}|RBR-[a-z0-9]{6,7}|"
    r"SLCTR/\d{4}/\d{3}|TCTR\d{11}|PER-\d{3}-\d{2})(?![\dA-Za-z])"
)
_REGISTRATION = re.compile(r"regist(?:ration|ry|ered)|注册", re.I)
_RETRACTED_TITLE = re.compile(
    r"^\W*(?:(?i:(?:retracted|withdrawn)(?:\s+(?:article|paper|manuscript))?)\s*[:\])】—–-]"
    r"|RETRACTED\b|WITHDRAWN\b|(?:已撤稿|撤稿|已撤回)\s*[:：\])】）])"
)
_OPEN = re.compile(
    r"creativecommons\.org|creative commons|open[- ]access|public domain|\bcc[- ]?by|cc0", re.I
)
_LIMITED = re.compile(r"licenses/by(?:-sa)?-(?:nc|nd)|non-?\s?commercial|no-?\s?deriv", re.I)

# The kinds of notice, by article-type (JATS 1.3, suggested values).
_NOTICES = {
    "retraction": "retraction_notice", "partial-retraction": "retraction_notice",
    "correction": "correction_notice", "corrected-article": "correction_notice",
    "addendum": "correction_notice", "erratum": "correction_notice",
    "expression-of-concern": "concern_notice", "concern": "concern_notice",
}  # fmt: skip
# What an article says of notices about it, by related-article-type.
_FORWARD = {
    "retraction-forward": "retracted", "retraction": "retracted",
    "retracted": "retracted", "retraction-in": "retracted",
    "withdrawal-forward": "retracted", "withdrawal": "retracted",
    "partial-retraction": "corrected", "partial-retraction-forward": "corrected",
    "correction-forward": "corrected", "correction": "corrected", "erratum": "corrected",
    "addendum": "corrected", "addendum-forward": "corrected",
    "expression-of-concern": "concern", "concern-forward": "concern",
    "expression-of-concern-forward": "concern",
}  # fmt: skip
# What the dates of an article's history say has happened to it (JATS and SciELO).
_EVENTS = (
    (re.compile(r"retract|withdraw", re.I), "retracted"),
    (re.compile(r"(?:expression-of-)?concern$", re.I), "concern"),
    # Not the corrected proof that every article passes through.
    (re.compile(r"(?:correct(?:ed|ion)|errat(?:um|a)|addend(?:um|ed)|partial-retract\w+)$", re.I),
     "corrected"),
)  # fmt: skip
STANDING_WORDS = {
    "retracted": ("RETRACTED: this article has been retracted", "已撤稿：本文已被撤回"),
    "concern": ("EXPRESSION OF CONCERN: the journal has voiced concern about this article",
                "关注声明：期刊对本文表示关注"),
    "corrected": ("CORRECTED: a correction of this article has been published",
                  "已更正：本文另有更正发表"),
    "retraction_notice": ("RETRACTION NOTICE: this text retracts another article",
                          "撤稿声明：本文宣布撤回另一篇文章"),
    "correction_notice": ("CORRECTION NOTICE: this text corrects another article",
                          "更正声明：本文更正另一篇文章"),
    "concern_notice": ("EXPRESSION OF CONCERN: this text voices concern about another article",
                       "关注声明：本文对另一篇文章表示关注"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an article still stands: a flag for its blocks and a line that says so."""

    flag: str
    text: str


def standing_of(article: Element, title: str, reader: TextReader) -> list[Standing]:
    """The most serious first; empty for an article nothing is said against."""
    related = [
        item
        for place in ("front/article-meta", "front-stub", "front", "response/front-stub")
        for item in article.iterfind(f"{place}/related-article")
    ]
    found: dict[str, list[str]] = {}
    kind = article.get("article-type", "").lower()
    if kind in _NOTICES:
        found[_NOTICES[kind]] = [_link(item, reader) for item in related]
    else:
        if kind.startswith(("retracted", "withdrawn")) or _RETRACTED_TITLE.match(title):
            found["retracted"] = []
        for event in _events(article):
            found.setdefault(event, [])
        for item in related:
            flag = _FORWARD.get(item.get("related-article-type", "").lower())
            if flag:
                found.setdefault(flag, []).append(_link(item, reader))
    chinese = language_of(article) == "zh"
    return [
        Standing(flag, "; ".join([STANDING_WORDS[flag][chinese], *filter(None, found[flag])]))
        for flag in STANDING_WORDS
        if flag in found
    ]


def _events(article: Element) -> Iterable[str]:
    """What its history says of an article: a date of retraction, an event of correction."""
    meta = article.find("front/article-meta")
    if meta is None:
        return
    history = [*meta.iterfind("pub-history/event"), *meta.iterfind("pub-history//date")]
    for item in [*history, *meta.iterfind("history/date"), *meta.iterchildren("pub-date")]:
        kinds = [item.get(name, "") for name in ("event-type", "date-type", "pub-type")]
        for pattern, flag in _EVENTS:
            if any(map(pattern.match, kinds)):
                yield flag


def metadata_of(article: Element, reader: TextReader) -> tuple[dict[str, Any], list[str]]:
    """Metadata with the names of :class:`ingest.model.Metadata`, and warnings."""
    front = article.find("front")
    meta = front.find("article-meta") if front is not None else None
    data: dict[str, Any] = {"kind": "paper"}
    language = language_of(article)
    if language:
        data["language"] = language
    if meta is None:
        return data, []
    titles = _titles(meta, language, reader)
    data.update(titles)
    journal = front.find(".//journal-title")
    if journal is not None and reader.read(journal):
        data["issuer"] = reader.read(journal)
    when, warning = issued(meta)
    if when:
        data["issued"] = when
    keywords = [reader.read(item).rstrip(".;, ") for item in meta.iterfind("kwd-group//kwd")]
    if keywords:
        data["keywords"] = list(dict.fromkeys(filter(None, keywords)))
    names = identifiers_of(article, reader)
    if names:
        data["identifiers"] = names
    return data, [text for text in (warning, _restricted(meta, reader)) if text]


def identifiers_of(article: Element, reader: TextReader) -> list[str]:
    """DOI, PubMed and PMC numbers, then the numbers the trial is registered under.

    Trial numbers are looked for where an article speaks of itself: front matter and statements of
    registration; those in its discussion are of other trials.
    """
    found: dict[str, None] = {}
    for item in article.iterfind("front/article-meta/article-id"):
        value, kind = reader.read(item), item.get("pub-id-type", "")
        if kind in {"pmc", "pmcid", "pmcaid"} and value:
            found[value if value.upper().startswith("PMC") else f"PMC{value}"] = None
        elif kind == "pmid" and value:
            found[f"PMID {value}"] = None
        elif kind == "doi" and value:
            found[value] = None
    for text in _own_words(article):
        found.update(dict.fromkeys(TRIAL_NUMBER.findall(text)))
    return list(found)


def _own_words(article: Element) -> Iterable[str]:
    front = article.find("front")
    if front is not None:
        for item in front.iter("article-title", "abstract", "trans-abstract", "kwd", "fn", "notes",
                               "ext-link", "related-object", "meta-value"):  # fmt: skip
            yield " ".join(item.itertext())
    for item in article.iter("related-object", "named-content"):
        told = " ".join([item.get("source-type", ""), item.get("content-type", "")])
        if "trial" in told or item.get("document-id-type") == "clinical-trial-number":
            yield f"{item.get('document-id', '')} {' '.join(item.itertext())}"
    for item in article.iter("sec", "notes", "fn"):
        title = item.find("title")
        words = item.get("sec-type", "") + "".join(title.itertext() if title is not None else ())
        if _REGISTRATION.search(words):
            yield " ".join(item.itertext())


def _titles(meta: Element, language: str | None, reader: TextReader) -> dict[str, str]:
    group = meta.find("title-group")
    if group is None:
        return {}
    own = group.find("article-title")
    title = reader.read(own).replace("\n", " ") if own is not None else ""
    subtitle = group.find("subtitle")
    if title and subtitle is not None and reader.read(subtitle):
        title = f"{title.rstrip(':： ')}: {reader.read(subtitle)}"
    found = {"title": title} if title else {}
    for item in group.iter("trans-title"):
        above = item.getparent()
        spoken = language_of(item) or language_of(above)
        if spoken == "en" and reader.read(item):
            found["title_en"] = reader.read(item)
    if title and language == "en" and own is not None and own.get(LANG) is None:
        found.setdefault("title_en", title)
    return found


def _link(item: Element, reader: TextReader) -> str:
    """What a related article is called: its text and its number."""
    text = reader.read(item)
    target = item.get(f"{XLINK}href", "").strip()
    if not target or target in text:
        return text
    kind = item.get("ext-link-type", "")
    mark = {"doi": "doi:", "pubmed": "PMID ", "pmid": "PMID ", "pmc": ""}.get(kind, "")
    return f"{text} {mark}{target}".strip()


def _restricted(meta: Element, reader: TextReader) -> str | None:
    """A licence that keeps something back, in the words of the file."""
    licenses = list(meta.iterfind("permissions/license"))
    if not licenses:
        return None
    links = [value for item in licenses for part in item.iter() for value in part.attrib.values()]
    links += [reader.read(part) for item in licenses for part in children(item)]
    links += [reader.read(item) for item in licenses]
    words = " ".join(links)
    if _OPEN.search(words) and not _LIMITED.search(words):
        return None
    told = " ".join(reader.read(item).replace("\n", " ") for item in licenses) or words
    return f"the licence restricts use: {told[:300]}"
