"""Numbers and addresses that identify a person: identity papers, records, cards, telephones.

Every detector reads folded text (:mod:`ingest.privacy.folding`) and returns candidates; names are
found in :mod:`ingest.privacy.names`, columns of tables in :mod:`ingest.privacy.columns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingest.privacy import triggers
from ingest.privacy.candidates import Candidate
from ingest.privacy.findings import FindingKind
from ingest.privacy.lexicon import alternatives, labelled, mentions, value
from ingest.privacy.numbers import is_luhn, is_resident_id

_GAP = r"[ -]?"
_RESIDENT_18 = re.compile(
    rf"(?<![\dA-Za-z./_-])\d{{6}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx](?![\dA-Za-z/_-])(?!\.\d)"
)
_RESIDENT_15 = r"\d{15}(?!\d)"
_CARD = rf"\d{{4}}(?:{_GAP}\d{{4}}){{2,3}}{_GAP}\d{{1,7}}(?!\d)"
# Written together, or in groups of 3, 4 and 4 that are no run of page and volume numbers.
_MOBILE = re.compile(
    r"(?<![\dA-Za-z.,_@=#-])(?:(?:\(?\+?\(?(?:00)?86\)?[ -]?)?1[3-9]\d{9}"
    r"|(?:\+?86[ -]|(?<!\d )(?<!\d[;:]))1[3-9]\d(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?! \d))"
    r"(?![\dA-Za-z_@-])(?!\.(?!0(?!\d))\d)"
)
_LANDLINE = re.compile(
    r"(?<![\dA-Za-z.,/_=#-])(?:(?:\(?\+?\(?86\)?[ -]?)?(?:\(0?\d{2,3}\) ?|0\d{2,3}[ -])[2-9]\d{6,7}"
    r"|[48]00[ -]\d{3,4}[ -]?\d{3,4}|\(\d{3}\) ?\d{3}-\d{4}"
    r"|\+\d{1,3}[ -](?:\(?\d{1,4}\)?[ -]?){2,4}\d{2,4})"
    r"(?![\dA-Za-z_/])(?!\.\d)"
)
_SHORT_PHONE = r"0?\d{2,3}[2-9]\d{6,7}(?!\d)|[2-9]\d{6,7}(?![\d.%])"
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,12}(?![A-Za-z0-9-])"
)
_LABEL_REACH = 40


def numbers(text: str, plain: str) -> list[Candidate]:
    """Return every candidate of this module in ``text``; ``plain`` is ``triggers.plain(text)``."""
    found: list[Candidate] = []
    if triggers.may_hold_number(text):
        found += _resident_ids(text, plain)
        found += _papers(text, plain)
        found += _medical_records(text, plain)
        found += _bank_cards(text, plain)
    if triggers.may_hold_telephone(text):
        found += _phones(text, plain)
    if "@" in text:
        found += [
            Candidate("email", match.start(), match.end(), None, "an e-mail address")
            for match in _EMAIL.finditer(text)
        ]
    return found


def in_cell(kind: FindingKind, cell: str) -> bool:
    """Tell whether a cell, under a column that names the kind, holds such a number."""
    bare = re.sub(r"[ -]", "", cell)
    if kind == "resident_id":
        return bare[:-1].isdigit() and is_resident_id(
            bare, value("resident_id", "provinces"), checked=False
        )
    if kind == "mobile":
        return _MOBILE.fullmatch(cell) is not None
    if kind == "landline":
        return re.fullmatch(rf"{_LANDLINE.pattern}|{_SHORT_PHONE}", cell) is not None
    if kind == "email":
        return _EMAIL.fullmatch(cell) is not None
    if kind == "bank_card":
        return re.fullmatch(r"\d{13,19}", bare) is not None and is_luhn(bare)
    if kind == "medical_record":
        return re.fullmatch(value("medical_record", "value"), cell) is not None
    return kind in {"passport", "permit"} and bool(re.fullmatch(value(kind, "value"), cell))


def _resident_ids(text: str, plain: str) -> Iterator[Candidate]:
    provinces = value("resident_id", "provinces")
    specimens = value("resident_id", "specimens")
    for match in _RESIDENT_18.finditer(text):
        number = re.sub(r"[ -]", "", match.group()).upper()
        if is_resident_id(number, provinces) and number not in specimens:
            why = "region, birth date and check digit of a resident identity number"
            yield Candidate("resident_id", match.start(), match.end(), "patient", why)
    if not mentions(plain, ("resident_id", "labels")):
        return
    label = alternatives("resident_id", "labels")
    for match in labelled(label, rf"{_RESIDENT_15}|{_RESIDENT_18.pattern}").finditer(text):
        number = re.sub(r"[ -]", "", match["value"]).upper()
        if number not in specimens and is_resident_id(number, provinces, checked=False):
            why = f"{len(number)} digits with region and birth date after “{match['label']}”"
            yield Candidate("resident_id", *match.span("value"), "patient", why)


def _papers(text: str, plain: str) -> Iterator[Candidate]:
    kinds: tuple[FindingKind, ...] = ("passport", "permit")
    for kind in kinds:
        if not mentions(plain, (kind, "labels")):
            continue
        pattern = labelled(alternatives(kind, "labels"), value(kind, "value") + r"(?![A-Za-z0-9])")
        for match in pattern.finditer(text):
            yield Candidate(kind, *match.span("value"), "patient", f"after “{match['label']}”")


def _medical_records(text: str, plain: str) -> Iterator[Candidate]:
    if not mentions(plain, ("medical_record", "labels")):
        return
    pattern = labelled(alternatives("medical_record", "labels"), value("medical_record", "value"))
    for match in pattern.finditer(text):
        if not match["value"].isdigit() or len(set(match["value"])) > 1:
            why = f"after “{match['label']}”"
            yield Candidate("medical_record", *match.span("value"), "patient", why)


def _bank_cards(text: str, plain: str) -> Iterator[Candidate]:
    if not mentions(plain, ("bank_card", "labels")):
        return
    for match in labelled(alternatives("bank_card", "labels"), _CARD).finditer(text):
        digits = re.sub(r"[ -]", "", match["value"])
        if 13 <= len(digits) <= 19 and is_luhn(digits) and len(set(digits)) > 1:
            why = f"Luhn number after “{match['label']}”"
            yield Candidate("bank_card", *match.span("value"), "patient", why)


def _phones(text: str, plain: str) -> Iterator[Candidate]:
    for match in _MOBILE.finditer(text):
        if not _is_other_number(text, match):
            yield Candidate("mobile", *match.span(), None, "a mobile number", "personal")
    for match in _LANDLINE.finditer(text):
        if not _is_other_number(text, match):
            yield Candidate("landline", *match.span(), None, "a telephone number")
    if not mentions(plain, ("phone", "labels")):
        return
    for match in labelled(alternatives("phone", "labels"), _SHORT_PHONE).finditer(text):
        why = f"after “{match['label']}”"
        yield Candidate("landline", *match.span("value"), None, why)


def _is_other_number(text: str, match: re.Match[str]) -> bool:
    """Tell whether the words around say that it is a registry, lot or amount, no telephone."""
    before = text[max(0, match.start() - _LABEL_REACH) : match.start()]
    if _other_label().search(before):
        return True
    after = text[match.end() : match.end() + 8]
    return re.match(rf"\s?{alternatives('phone', 'not_before')}", after) is not None


@cache
def _other_label() -> re.Pattern[str]:
    label = alternatives("phone", "not_after")
    return re.compile(rf"{label}\s*(?:no\.?|号|编号)?\s*[:#.|-]?\s*$", re.IGNORECASE)
