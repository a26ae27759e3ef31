"""What a question says once its disguises are taken off: characters, spacing, encodings."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from ingest.privacy.folding import fold as visible
from retrieval.normalise import fold

_CJK = r"\u4e00-\u9fff"
# Signs put between characters so that a word is not seen: 编 造, 编·造, 编*造.
_BETWEEN = re.compile(rf"(?<=[{_CJK}])[ \t\u3000·•*_~^|.\-]{{1,3}}(?=[{_CJK}])")
_SPELLED = re.compile(r"(?<!\w)(?:[a-z][ .\-_*]){3,}[a-z](?!\w)")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{16,}={0,2}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}[ :]?){12,}(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){3}")
_SENTENCE_END = re.compile(r"[。!?;\n]+|(?<=[a-z)])(?<!\bvs)\.\s+")
_READABLE = 0.9


def surface(text: str) -> str:
    """A text as the patterns of the boundaries read it.

    Invisible characters and signs between Chinese characters are taken out, look-alike letters,
    full width and traditional characters replaced, letters spelled out are joined.

    >>> surface("編 造 三例受試者的 ＰＭＩＤ")
    '编造3例受试者的pmid'
    """
    folded = fold(_BETWEEN.sub("", visible(text, lookalikes=True).text))
    folded = re.sub(rf"(?<=[{_CJK}])\s+(?=[a-z\d])|(?<=[a-z\d])\s+(?=[{_CJK}])", "", folded)
    joined = _SPELLED.sub(lambda m: re.sub(r"[ .\-_*]", "", m.group()), folded)
    return re.sub(r"[ \t]+", " ", joined.replace("’", "'")).strip()


def sentences(surfaced: str) -> list[str]:
    """The sentences of a surfaced text; at least one."""
    found = [piece.strip() for piece in _SENTENCE_END.split(surfaced)]
    return [piece for piece in found if len(piece) > 1] or [surfaced]


def decoded(text: str) -> Iterator[str]:
    """What base64, hexadecimal and percent-encoded runs of a text say, where that is readable."""
    for match in _BASE64.finditer(text):
        yield from _readable(_from_base64(match.group()))
    for match in _HEX.finditer(text):
        yield from _readable(bytes.fromhex(re.sub("[ :]", "", match.group())))
    if _PERCENT.search(text):
        yield unquote(text, errors="replace")


def _from_base64(run: str) -> bytes:
    bare = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return b""


def _readable(data: bytes) -> Iterator[str]:
    """The text of some bytes, if it is one: letters and spaces, no debris."""
    try:
        said = data.decode("utf-8").strip()
    except UnicodeDecodeError:
        return
    words = sum(mark.isalnum() or mark in " ,.，。!?'-:" for mark in said)
    if len(said) >= 4 and said.replace("\n", " ").isprintable() and words >= _READABLE * len(said):
        yield said
