"""Takes dates, telephone numbers and names out of texts in which no attribute announces them.

Of a date the year stays; what was taken out is marked ``…``. Numbers that measure something stay:
what a unit follows, and decimal numbers.
"""

from __future__ import annotations

import re
from functools import cache

from ingest.privacy.lexicon import value
from ingest.text import CJK

GONE = "…"
_UNIT = (
    r"(?!\s*(?:[mcµμn]?m[²³23]?|[mµμ]?[lL]|cc|[mkµμn]?g|%|HU|[cm]?Gy|[kM]?Bq|[kM]?Hz|m?s|sec|min|"
    r"ke?V|mAs?|°|[x×*]\s*\d|cells|copies|weeks?|months?|days?|years?)(?![A-Za-z]))"
)
_MONTHS = (
    "Jan(?:uary|uar|vier)?|Feb(?:ruary|ruar)?|F[eé]v(?:rier)?|Mar(?:ch|zo|s)?|M[äa]rz|Mär|"
    "Apr(?:il)?|Avr(?:il)?|May|Mai|Mayo|Jun(?:e|i|io)?|Juin|Jul(?:y|i|io)?|Juillet|Aug(?:ust)?|"
    "Ao[uû]t|Sept?(?:ember|embre|iembre)?|O[ck]t(?:ober|obre|ubre)?|Nov(?:ember|embre|iembre)?|"
    "De[cz](?:ember)?|D[eé]c(?:embre)?|Dic(?:iembre)?|Ene(?:ro)?|Abr(?:il)?|Ago(?:sto)?"
)
_MONTH = rf"(?:{_MONTHS}|{_MONTHS.upper()})(?![^\W\d_])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DATES = (
    rf"(?<![\d.]){_YEAR}\s?(?P<sign>[-/.])\s?\d{{1,2}}\s?(?P=sign)\s?\d{{1,2}}(?!\d)",
    rf"(?<![\d.])\d{{1,2}}\s?(?P<sign>[-/.])\s?\d{{1,2}}\s?(?P=sign)\s?{_YEAR}(?!\d)",
    rf"(?<![\w.]){_DAY}\s?[-/,]?\s?(?:de\s)?{_MONTH}[-/.,]?\s?(?:de\s)?{_YEAR}(?!\d)",
    rf"(?<![A-Za-z]){_MONTH}[-/.,]?\s?\d{{1,2}}(?:st|nd|rd|th)?[-/,]?\s?{_YEAR}(?!\d)",
    rf"(?<![A-Za-z]){_MONTH}[-/.,']?\s?(?:of\s|de\s)?{_YEAR}(?!\d)",
    rf"(?<![\d/.])(?:0?[1-9]|1[0-2])/{_YEAR}(?![\d/])",
    rf"(?<!\d){_YEAR}-(?:0[1-9]|1[0-2])(?![\d-])",
)
_FIGURES = r"[\d〇○零一二三四五六七八九十]"
_CHINESE_DATE = re.compile(
    rf"(?P<year>\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s?年\s?{_FIGURES}{{1,3}}\s?月"
    rf"(?:\s?{_FIGURES}{{1,3}}\s?[日号])?"
)
# Without a year, or with one of two digits; in names of protocols these could be anything.
_BARE_DATES = (
    rf"(?<![\d.-])(?:0?[1-9]|[12]\d|3[01])(?P<sign>[-/])(?:0?[1-9]|[12]\d|3[01])(?P=sign)\d\d"
    rf"(?![\d.-]){_UNIT}",
    rf"(?<![\d.])(?:[0-2]\d|3[01])\.(?:[0-2]\d|3[01])\.\d\d(?![\d.]){_UNIT}",
    rf"(?<![\w.]){_DAY}\s?[-/]?\s?{_MONTH}(?:[-/.,']?\s?\d\d(?!\d))?",
    rf"(?<![A-Za-z]){_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?![\d.]){_UNIT}",
    rf"(?<!\d){_FIGURES}{{1,3}}\s?月\s?{_FIGURES}{{1,3}}\s?[日号]",
)
_NUMBERS = (
    r"(?<![\w.+-])[\w.+-]+@[\w.-]+",
    r"\+\d[\d\s().-]{6,20}\d",
    r"(?<![\d.])1[3-9]\d[-\s]\d{4}[-\s]\d{4}(?!\d)",
    r"(?<![\d.])(?:\(\d{3}\)\s?|\d{3}[-.\s])\d{3}[-.]\d{4}(?!\d)",
    r"(?<![\d.])\(?0\d{2,3}\)?[-\s]\d{7,8}(?!\d)",
    rf"(?<![\d.-])(?=(?:\d-?){{7}})\d{{2,6}}(?:-\d{{2,6}}){{2,5}}(?![\d-]){_UNIT}",
    r"\b(?:(?:tele)?phone|tel|fax|mobile|pager|bleep|ext)\b\.?\s?(?:no\.?|number)?\s?[:：#]?\s?"
    r"[\d(][\d\s().-]{2,20}\d",
    r"(?:电话|手机|传真|联系方式)(?:号码?)?\s?[:：]?\s?[\d(][\d\s().-]{2,20}\d",
    r"(?:\b(?:MRN|medical record|accession|patient id|hospital id)|"
    r"(?:病历|住院|门诊|检查|登记|病案|影像|放射|超声|身份证)号?)\s?(?:no\.?|number|号码?)?\s?[:：#]?\s?"
    r"(?=[A-Z]{0,4}-?\d)[\w-]{4,}",
    rf"(?<![\d.])\d{{6,}}(?!\d|\.\d){_UNIT}",
)
_NO_NAME = r"(?!(?:CT|MRI?|PET|US|XR|CAD|AI|PACS|DR|Dr|Prof|The|This|No|Not|A)\b)"
_PART = rf"{_NO_NAME}[A-ZÀ-Þ][\w'’-]{{1,40}}"
_NAME = rf"(?:[A-ZÀ-Þ]\.\s?){{0,2}}{_PART}(?:\s[A-ZÀ-Þ]\.(?=\s[A-ZÀ-Þ]))?(?:\s{_PART})?"
_NAMES = (
    # In capitals without a point MR and MS are a method and a disease.
    rf"(?<![\w'’-])(?P<kept>(?:(?:Drs?|Prof|Mr|Mrs|Ms|Mme|Doctor|Professor|Herr|Frau)\.?|"
    rf"(?:DR|PROF)\.)\s?(?:(?:Dr|med)\.\s?){{0,3}}){_NAME}",
    rf"(?<![\w'’-]){_NAME}(?P<after>,?\s(?:M\.\s?D\.|Ph\.\s?D\.)|,\s(?:MD|PhD|MBBS|FRCR|RN)(?=\s*(?:[.,;)]|$)))",
    rf"(?P<kept>\b(?i:(?:signed|dictated|reported|read|verified|approved|reviewed|interpreted|"
    rf"transcribed|referred|requested|ordered|seen|examined)\s(?:electronically\s)?by|"
    rf"discussed\swith|communicated\sto)\s?:?\s){_NAME}",
    rf"(?P<kept>\b(?i:radiologist|physician|attending|resident|technologist|reader|reporter|"
    rf"sonographer|operator|patient(?:\sname)?|name)\s?:\s?){_NAME}",
)
# How DICOM writes names; study descriptions write Head^Routine in the same way.
_CARETS = r"(?<![\w'’-])[^\W\d_][\w'’-]+\^[^\W\d_]\S*"


def descriptor(text: str) -> str:
    """A short description without full dates, telephone numbers, record numbers and names."""
    for pattern in _compiled("dates"):
        text = pattern.sub(lambda match: f"{GONE}{match['year']}", text)
    text = _CHINESE_DATE.sub(lambda match: f"{match['year']}年{GONE}", text)
    for pattern in _compiled("numbers"):
        text = pattern.sub(GONE, text)
    for pattern in _compiled("names"):
        text = pattern.sub(_without_name, text)
    return text


def report(text: str) -> str:
    """Free text without these and without dates and names in the forms that only prose has."""
    text = descriptor(text)
    for pattern in _compiled("prose"):
        text = pattern.sub(GONE, text)
    return text


def _without_name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return f"{groups.get('kept') or ''}{GONE}{groups.get('after') or ''}"


@cache
def _compiled(what: str) -> tuple[re.Pattern[str], ...]:
    patterns = {"dates": _DATES, "names": (*_NAMES, *_chinese_names())}
    patterns |= {"numbers": _NUMBERS, "prose": (*_BARE_DATES, _CARETS)}
    return tuple(re.compile(p, re.I if what == "numbers" else 0) for p in patterns[what])


def _chinese_names() -> tuple[str, str]:
    """Names after a label, and before a title."""
    compound = "|".join(value("name", "compound_surnames"))
    common = value("name", "common_surnames")
    surname = rf"(?:{compound}|[{common}])"
    any_surname = rf"(?:{compound}|[{common}{value('name', 'rare_surnames')}])"
    return (
        rf"(?P<kept>(?:医师|医生|技师|护士|教授|主任|报告者|审核者|记录者|检查者|报告人|审核人|"
        rf"姓名|签名|签字|患者|病人|受检者)\s?[:：]\s?){any_surname}\s?[{CJK}]{{1,2}}(?![{CJK}])",
        rf"(?:(?<![{CJK}])|(?<=[由经与向请和被见]))(?P<kept>){surname}[{CJK}]{{0,2}}"
        rf"(?P<after>医生|医师|主任|教授|大夫|护士|先生|女士|技师)",
    )
