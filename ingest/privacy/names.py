"""Names and home addresses beside labels that say whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingest.privacy.candidates import Candidate, Owner
from ingest.privacy.findings import Severity
from ingest.privacy.lexicon import alternatives, labelled, mentions, value
from ingest.privacy.triggers import Words

_CJK = "\u4e00-\u9fff"
_ENGLISH = r"(?:[A-Z](?:[a-z]+|'[A-Z][a-z]+)(?:['-][A-Z]?[a-z]+)*|[A-Z]{2,15})"
_ENGLISH_NAME = (
    rf"{_ENGLISH},\s?{_ENGLISH}(?:\s[A-Z]\.?)?(?![A-Za-z])"
    rf"|{_ENGLISH}(?:\s[A-Z]\.?)?(?:\s{_ENGLISH}){{1,2}}(?![A-Za-z])"
)
_LONGEST_ADDRESS = 80
_ADDRESS = rf"[^\n;；。|]{{4,{_LONGEST_ADDRESS}}}"
_SEX_AND_AGE = (
    r"(?=\s?[,，、;；(]?\s?(?:性别[:：]?\s?)?[男女](?:性|孩)?[\s,，、;；)]{0,3}"
    r"\d{1,3}\s?(?:岁|个?月|天|周岁))"
)
# What must stand in a text for the patterns of this module, beside the words of their labels.
_SEPARATORS = Words([":", "|"])
_SEXES = Words(["男", "女"])
_RECORD_LABELS = Words(["name:", "name :", "patient:", "patient :"])
_LABELS: tuple[tuple[str, Owner | None, Severity], ...] = (
    ("patient_labels", "patient", "personal"),
    ("public_labels", "public", "contact"),
    ("neutral_labels", None, "personal"),
    ("contact_labels", None, "contact"),
)
_LABEL_LISTS = tuple(("name", key) for key, _, _ in _LABELS)
_ROLES = ("name", "patient_roles")


def names(text: str, plain: str) -> Iterator[Candidate]:
    """Return the names that stand beside a label; ``plain`` is ``triggers.plain(text)``."""
    if mentions(plain, *_LABEL_LISTS):
        for key, owner, leaning in _LABELS:
            if mentions(plain, ("name", key)):
                yield from _after_label(text, key, owner, leaning)
    if _SEPARATORS.stand_in(plain) and mentions(plain, _ROLES):
        yield from _after_role(text)
    if _SEXES.stand_in(plain):
        for match in _introduced().finditer(text):
            if is_chinese_name(match["value"]) and (
                match["label"] or is_common_name(match["value"])
            ):
                yield Candidate("name", *match.span("value"), "patient", "before sex and age")
    if _RECORD_LABELS.stand_in(plain):
        for match in _record_head().finditer(text):
            if is_english_name(match["value"]):
                yield _named(match, "patient")


def _after_label(
    text: str, key: str, owner: Owner | None, leaning: Severity
) -> Iterator[Candidate]:
    label = alternatives("name", key)
    for match in labelled(label, chinese_name()).finditer(text):
        if _accepted(match):
            yield _named(match, owner, leaning)
    for match in labelled(label, _ENGLISH_NAME).finditer(text):
        if is_english_name(match["value"]):
            yield _named(match, owner, leaning)


def _after_role(text: str) -> Iterator[Candidate]:
    label = alternatives(*_ROLES)
    for match in labelled(label, chinese_name()).finditer(text):
        if match["separator"] in _SEPARATORS.words and is_common_name(match["value"]):
            yield _named(match, "patient")
    for match in labelled(label, _ENGLISH_NAME).finditer(text):
        if match["separator"] in _SEPARATORS.words and is_english_name(match["value"]):
            yield _named(match, "patient")


def addresses(text: str, plain: str) -> Iterator[Candidate]:
    """Return home addresses beside their label; postal addresses without saying whose."""
    kinds: tuple[tuple[str, Owner | None], ...] = (
        ("labels", "patient"),
        ("neutral_labels", None),
    )
    if not _SEPARATORS.stand_in(plain):
        return
    for key, owner in kinds:
        if not mentions(plain, ("address", key)):
            continue
        for match in labelled(alternatives("address", key), _ADDRESS).finditer(text):
            where = re.split(r"\s{2,}|(?:联系)?(?:电话|手机)|邮编|姓名|\bTel\b", match["value"])[0]
            start = match.start("value")
            end = start + len(where.rstrip(" ,，)）"))
            if match["separator"] in _SEPARATORS.words and is_address(text[start:end]):
                yield Candidate("address", start, end, owner, f"after “{match['label']}”")


def is_address(text: str) -> bool:
    """Tell whether a text names a place down to a house, in Chinese or English."""
    parts = re.findall(value("address", "parts"), text)
    return len(parts) >= 2 or re.search(value("address", "english_parts"), text) is not None


@cache
def chinese_name() -> str:
    """Return the pattern of a Chinese name: surname, one or two characters; or three after ·."""
    single = value("name", "common_surnames") + value("name", "rare_surnames")
    compound = "|".join(value("name", "compound_surnames"))
    following = alternatives("name", "next_labels")
    border = rf"(?=[^{_CJK}]|$)"
    return (
        rf"(?:(?:{compound})[{_CJK}]{{1,2}}|[{single}][ ]?[{_CJK}]{{1,2}})(?![·某]){border}"
        rf"|(?:(?:{compound})[{_CJK}]{{1,2}}?|[{single}][ ]?[{_CJK}]{{1,2}}?)"
        rf"(?=[^·{_CJK}]|$|{following})"
        rf"|[{_CJK}]{{2,6}}·[{_CJK}]{{2,6}}(?:·[{_CJK}]{{2,6}})?"
    )


def is_chinese_name(text: str) -> bool:
    """Tell whether a text is a Chinese name, not a pseudonym and not another word."""
    if re.search(value("name", "pseudonym"), text):
        return False
    if re.match(alternatives("name", "not_names"), text.replace(" ", "")):
        return False
    return re.fullmatch(chinese_name(), text) is not None


def is_common_name(text: str) -> bool:
    """Tell whether a text is a Chinese name with one of the commonest surnames.

    Asked where the label is an ordinary word (患者：…) and a sentence may follow as well.
    """
    return text[:1] in value("name", "common_surnames") and is_chinese_name(text)


def is_english_name(text: str) -> bool:
    """Tell whether a text is a name in Latin letters, not the words of a form."""
    other = {word.lower() for word in value("name", "english_not_names")}
    parts = re.findall(r"[A-Za-z][A-Za-z'-]+", text)
    return re.fullmatch(_ENGLISH_NAME, text) is not None and not any(
        part.lower() in other for part in parts
    )


def _accepted(match: re.Match[str]) -> bool:
    """After a bare blank only a common surname is believed."""
    if match["separator"] in {":", "|", "#"}:
        return is_chinese_name(match["value"])
    between = match.string[match.end("label") : match.start("value")]
    return between != "" and is_common_name(match["value"])


def _named(match: re.Match[str], owner: Owner | None, leaning: Severity = "personal") -> Candidate:
    return Candidate("name", *match.span("value"), owner, f"after “{match['label']}”", leaning)


@cache
def _introduced() -> re.Pattern[str]:
    """``患者张三，男，45岁``: a case report that begins with the name."""
    label = r"(?:患者|病人|受试者|患儿|病例)\s?[:，,]?\s?"
    return re.compile(
        rf"(?P<label>{label}|(?:^|(?<=[\n。；;|(（])))(?P<value>{chinese_name()}){_SEX_AND_AGE}"
    )


@cache
def _record_head() -> re.Pattern[str]:
    """``Name: John Smith  DOB: 1970-01-01``: the head of a record in English."""
    return re.compile(
        rf"(?P<label>(?<![A-Za-z])(?i:name|patient))\s?:\s{{0,4}}(?P<value>{_ENGLISH_NAME})"
        r"(?=[^\n]{0,40}(?<![A-Za-z])(?i:DOB|date of birth|MRN|sex|gender|age)\b)"
    )
