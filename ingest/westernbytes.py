"""Bytes of Windows-1252 text where Western text has them: ``5 µg``, ``25 °C``, ``naïve``.

A ``µ`` before a ``g`` is a legal character of Big5 and GBK as well; only where it stands tells.
"""

from __future__ import annotations

import re

_HIGH = re.compile(r"[\x80-\xff]")
_LETTER = r"[\xc0-\xd6\xd8-\xf6\xf8-\xff\x8a\x8c\x8e\x9a\x9c\x9e\x9f]"
_ALONE_BEFORE, _ALONE_AFTER = r"(?<![\x80-\xff\u4e00])", r"(?![\x80-\xff\u4e00])"
_PLACES = (
    # An accented letter in a word: naïve, Ärzte, café, ÄRZTE.
    rf"(?<=[A-Za-z]){_LETTER}|{_LETTER}(?=[a-z]|[A-Z]{{2}})",
    r"(?<![A-Za-z])\xb5(?=[gmlLMsSUIVkKAJNFPE]|[^A-Za-z]|$)",  # µg, µmol, µIU
    r"(?<=\d)\xb0|(?:^|(?<=[\s(;,\"/]))\xb0(?=[CFK]?(?![A-Za-z]))",  # 25 °C
    r"(?:^|(?<=[\d\s(%)]))\xb1(?=[\d\s.(]|S[DE])",  # 5.2 ± 0.3
    r"(?<=[A-Za-z])\xb1(?=[\sA-Z\d])",  # mean±SD
    r"(?<=[A-Za-z\d\s])[\xb7\xd7\xf7](?=[A-Za-z\d\s])",  # mg·kg, 3 × 5
    r"(?<=[A-Za-z\d)])[\xb2\xb3\xb9](?![A-Za-z])|^[\xb2\xb3\xb9](?=[A-Z])",  # m², ¹Department
    r"(?<=[A-Za-z])\xb4(?=[A-Za-z])",  # investigator´s
    r"(?<=[\d\s])[\xbc\xbd\xbe](?![A-Za-z])",  # 2½
    r"(?<=[A-Za-z])[\xae\xa9]|(?<=[\s(])[\xae\xa9](?![A-Za-z])",  # ®, ©
    r"(?:^|(?<=[\s(]))[\xa7\xb6](?=[\s\d])",  # § 5
    r"[\xa3\xa5\x80](?=[\s\d])|(?<=[\d\s])[\xa3\xa5\x80]",  # £ 5, 5 €
    r"(?<=[\da-zA-Z])[\xba\xaa](?=[CF]?(?![A-Za-z]))|(?<=\s)\xba(?=[CF](?![A-Za-z]))",  # 2º
    r"(?:^|(?<=[\s(]))[\xab\xbf\xa1](?=[\sA-Za-z\d])|(?<=[\sA-Za-z\d.!?])\xbb(?![A-Za-z])",  # « »
    r"[\x80-\x9f]",  # curly quotation marks, dashes, …, •, ™
)
_ONE = re.compile(f"{_ALONE_BEFORE}(?:{'|'.join(_PLACES)}){_ALONE_AFTER}", re.M)
# Two in a row: créée, a quotation mark beside an accented letter.
_RUN = re.compile(
    rf"{_ALONE_BEFORE}(?:(?<=[a-z])[\xe0-\xf6\xf8-\xff]{{2}}"
    rf"|{_LETTER}[\x84\x85\x91-\x97]|[\x84\x91-\x97]{_LETTER}|[\x84\x85\x91-\x97]{{2}}){_ALONE_AFTER}"
)


def western_share(text: str) -> float:
    """Share of the bytes beyond ASCII that stand as in Western text.

    ``text`` holds each byte as a character of Latin-1; 0.0 without any beyond ASCII.
    """
    text = text.replace("\xa0", " ")  # stands beside any of them
    high = len(_HIGH.findall(text))
    if not high:
        return 0.0
    fitting = len(_ONE.findall(text)) + 2 * len(_RUN.findall(text))
    return fitting / high
