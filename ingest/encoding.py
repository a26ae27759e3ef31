"""Decode text whose encoding nobody wrote down: Chinese text first, then the rest.

Strict decoders alone cannot tell GB18030 from Big5 or Latin-1 (most byte pairs are legal in all
of them), so a decoded text must also look like Chinese before an encoding is believed.
"""

from __future__ import annotations

import codecs

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 20_000
_PLAUSIBLE = 0.75
_SURE_CHARACTERS = 20
# The most frequent characters of written Chinese, simplified and traditional: about a fifth of
# any real text, next to nothing of a wrongly decoded one.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
    "行试验药品床研究者这為個國來時們說對會發動過試驗藥臨應當規定理及其或者"
)


def decode(data: bytes) -> tuple[str, str, str | None]:
    """Decode ``data`` and say how.

    Returns the text without byte order mark, the name of the encoding as Python knows it, and a
    warning for the curator when the encoding is a guess or characters were lost. Never raises.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text, warning = _lossy(data, encoding)
            return text.lstrip("\ufeff"), encoding, warning
    if b"\x00" in data[:_SAMPLE]:
        wide = _best(data, ("utf-16-le", "utf-16-be"))
        if wide is not None:
            return wide[0], wide[1], f"encoding guessed as {wide[1].upper()} (no byte order mark)"
    strict = _strict(data, "utf-8")
    if strict is not None:
        return strict, "utf-8", None
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    return _decode_legacy(data)


def _decode_legacy(data: bytes) -> tuple[str, str, str | None]:
    """Choose among the encodings used before UTF-8."""
    found = _best(data, ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"))
    if found is None:
        text = _strict(data, "cp1252")
        encoding = "cp1252" if text is not None else "latin-1"
        if text is None:
            text = data.decode("latin-1")
        warning = (
            f"encoding unknown, read as {encoding}; if characters look wrong, "
            "save the file as UTF-8 and ingest it again"
        )
        return text, encoding, warning
    text, encoding = found
    wide_characters = sum(1 for character in text[:_SAMPLE] if character > "\x7f")
    if encoding == "gb18030" and wide_characters >= _SURE_CHARACTERS:
        return text, encoding, None
    return text, encoding, f"encoding guessed as {encoding} from {wide_characters} characters"


def _best(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str] | None:
    """The strictly decodable candidate that looks most like text, if any is good enough."""
    best: tuple[float, str, str] | None = None
    for encoding in encodings:
        text = _strict(data, encoding)
        if text is None:
            continue
        score = _plausibility(text[:_SAMPLE], encoding)
        if score >= _PLAUSIBLE and (best is None or score > best[0]):
            best = (score, text, encoding)
    return None if best is None else (best[1], best[2])


def _plausibility(text: str, encoding: str) -> float:
    """Share of the characters beyond ASCII that people write, plus the share that is frequent."""
    if any(character < " " and character not in "\t\n\r\f" for character in text):
        return 0.0
    wide = [character for character in text if character > "\x7f"]
    if encoding.startswith("utf-16"):
        # Two ASCII bytes read as one UTF-16 unit make a CJK character: ask for real evidence.
        common = sum(
            1
            for character in text
            if character < "\x7f" or _is_common(character) or _is_common(character, "big5hkscs")
        )
        return common / len(text) if text else 0.0
    if not wide:
        return 0.0
    common = sum(1 for character in wide if _is_common(character, encoding))
    frequent = sum(1 for character in wide if character in _FREQUENT)
    return (common + frequent) / len(wide)


def _is_common(character: str, encoding: str = "gb18030") -> bool:
    """Tell whether a character is everyday Chinese or its punctuation.

    Both standards put the everyday characters first: GB 2312 level 1 has lead bytes B0–D7, Big5
    level 1 has A4–C6; punctuation and symbols come before them.
    """
    if character in "，。、；：？！“”‘’（）《》【】—…％～　·":
        return True
    try:
        pair = character.encode(encoding if encoding == "big5hkscs" else "gb18030")
    except UnicodeEncodeError:
        return False
    if len(pair) != 2:
        return False
    if encoding == "big5hkscs":
        return 0xA4 <= pair[0] <= 0xC6
    return 0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1


def _damaged_utf8(data: bytes) -> tuple[str, str, str | None] | None:
    """Text that is UTF-8 but for a few broken bytes, such as a file cut in mid-character."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    wide = sum(1 for character in text if character > "\x7f") - text.count("\ufffd")
    if wide < 10 * lost:
        return None
    return text, "utf-8", f"{lost} byte sequences are not valid UTF-8 and were replaced by \ufffd"


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _lossy(data: bytes, encoding: str) -> tuple[str, str | None]:
    text = _strict(data, encoding)
    if text is not None:
        return text, None
    text = data.decode(encoding, errors="replace")
    return text, f"{text.count(chr(0xFFFD))} characters are not valid {encoding} and were replaced"
