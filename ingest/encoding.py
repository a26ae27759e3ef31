"""Decode text whose encoding nobody wrote down: Chinese text first, then the rest.

Strict decoders alone cannot tell GB18030 from Big5 or Latin-1 (most byte pairs are legal in all
of them), so a decoded text must also look like Chinese before an encoding is believed. On the other
hand a single broken byte must not discredit an encoding that everything else speaks for.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.westernbytes import western_share

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
_RESUMED, _AHEAD, _MOST_RESUMED = "xinglin-resume", 60, 5_000
_ALONE = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
# In the middle of a word: "investigator愀 opinion" was "investigator´s opinion".
_BESIDE_LETTERS = re.compile(rf"(?<=[a-z]){_ALONE.pattern}|{_ALONE.pattern}(?=[a-z])")
_ASCII = re.compile(r"[\x00-\x3f]")
# Characters beyond ASCII for each broken one.
_MOST_DAMAGE = 10
# Share of the bytes beyond ASCII that stand where Western text has them.
_WESTERN, _LEANING = 0.7, 0.3
# The most frequent characters of written Chinese, simplified and traditional: about a fifth of
# any real text, next to nothing of a wrongly decoded one.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
    "行试验药品床研究者這為個國來時們說對會發動過試驗藥臨應當規定理及其或者"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    encoding: str
    lost: int
    score: float
    wide: int


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
            guessed = f"encoding guessed as {wide.encoding.upper()} (no byte order mark)"
            return wide.text, wide.encoding, _joined(guessed, _damage(wide))
    strict = _strict(data, "utf-8")
    if strict is not None:
        return strict, "utf-8", None
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    return _decode_legacy(data)


def decode_as(data: bytes, encoding: str) -> tuple[str, str | None] | None:
    """Decode ``data`` as it says it is written, broken bytes replaced; None if it cannot be so.

    Raises:
        LookupError: Python does not know the encoding.
    """
    text, lost = _tolerant(data, encoding)
    if lost == 0:
        return text, None
    wide = sum(1 for character in text if character > "\x7f") - lost
    if wide < _MOST_DAMAGE * lost:
        return None
    return text, f"{lost} byte sequences are not valid {encoding} and were replaced by \ufffd"


def _decode_legacy(data: bytes) -> tuple[str, str, str | None]:
    """Choose among the encodings used before UTF-8."""
    western = western_share(data[:_SAMPLE].decode("latin-1"))
    found = None
    if western < _WESTERN:
        found = _best(data, ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"))
    if found is None or _share_alone(found, _BESIDE_LETTERS) >= 0.5:
        return _western(data)
    if western >= _LEANING and _share_alone(found, _ALONE) >= 0.5:
        return _western(data)
    text, encoding = found.text, found.encoding
    warning = None
    if encoding != "gb18030" or found.wide < _SURE_CHARACTERS:
        warning = f"encoding guessed as {encoding} from {found.wide} characters"
    return text, encoding, _joined(warning, _damage(found))


def _western(data: bytes) -> tuple[str, str, str]:
    text = _strict(data, "cp1252")
    encoding = "cp1252" if text is not None else "latin-1"
    warning = (
        f"encoding unknown, read as {encoding}; if characters look wrong, "
        "save the file as UTF-8 and ingest it again"
    )
    return data.decode("latin-1") if text is None else text, encoding, warning


def _best(data: bytes, encodings: tuple[str, ...]) -> _Candidate | None:
    """The candidate that looks most like text, if any is good enough; a sound one goes first."""
    found = [_candidate(data, encoding) for encoding in encodings]
    good = [one for one in found if one is not None and one.score >= _PLAUSIBLE]
    return max(good, key=lambda one: (one.lost == 0, one.score), default=None)


def _candidate(data: bytes, encoding: str) -> _Candidate | None:
    """The data read in an encoding, unless more of it is broken than a little damage explains."""
    text, lost = _tolerant(data, encoding)
    sample = text[:_SAMPLE]
    wide = sum(1 for character in sample if character > "\x7f" and character != "\ufffd")
    if lost and sum(1 for c in text if c > "\x7f") - lost < _MOST_DAMAGE * lost:
        return None
    return _Candidate(text, encoding, lost, _plausibility(sample, encoding), wide)


def _plausibility(text: str, encoding: str) -> float:
    """Share of the characters beyond ASCII that people write, plus the share that is frequent."""
    controls = sum(1 for c in text if c < " " and c not in "\t\n\r\f")
    if encoding.startswith("utf-16"):
        if controls:
            return 0.0
        # Two ASCII bytes read as one UTF-16 unit make a CJK character: ask for real evidence.
        common = sum(
            1
            for character in text
            if character < "\x7f" or _is_common(character) or _is_common(character, "big5hkscs")
        )
        return common / len(text) if text else 0.0
    wide = [character for character in text if character > "\x7f" and character != "\ufffd"]
    # A sign that ended files long ago, or one that slipped in, says nothing of the rest.
    if not wide or controls * _MOST_DAMAGE > len(wide) + _MOST_DAMAGE:
        return 0.0
    common = sum(1 for character in wide if _is_common(character, encoding))
    frequent = sum(1 for character in wide if character in _FREQUENT)
    return (common + frequent) / len(wide)


def _is_common(character: str, encoding: str = "gb18030") -> bool:
    """Tell whether a character is everyday Chinese or its punctuation.

    Both standards put the everyday characters first: GB 2312 level 1 has lead bytes B0–D7, Big5
    level 1 has A4–C6; punctuation and symbols come before them.
    """
    if character in "，。、；：？！“”‘’（）《》【】—…％～　·±×÷≥≤℃‰αβγμ":
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


def _share_alone(found: _Candidate, places: re.Pattern[str]) -> float:
    """Share of the wide characters that may be one Western sign and a letter behind it."""
    alone: list[str] = places.findall(found.text[:_SAMPLE])
    pairs = [character.encode(found.encoding, errors="ignore") for character in alone]
    return sum(len(pair) == 2 and pair[1] < 0x80 for pair in pairs) / (found.wide or 1)


def _damaged_utf8(data: bytes) -> tuple[str, str, str | None] | None:
    """Text that is UTF-8 but for a few broken bytes, such as a file cut in mid-character."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    wide = sum(1 for character in text if character > "\x7f") - text.count("\ufffd")
    if wide >= 10 * lost:
        return text, "utf-8", _lost(lost, "UTF-8")
    if wide < lost:
        return None
    # English text pasted together: a µ of UTF-8 here, one of Windows there.
    mixed = data.decode("utf-8", errors="surrogateescape")
    strays = [_stray(character) for character in mixed]
    if (
        western_share("".join(stray or _masked(c) for stray, c in zip(strays, mixed, strict=True)))
        < 1
    ):
        return None
    letters = (_from_windows(stray) if stray else c for stray, c in zip(strays, mixed, strict=True))
    warning = f"{lost} bytes are not valid UTF-8 and were read as Windows-1252; check the signs"
    return "".join(letters), "utf-8", warning


def _stray(character: str) -> str:
    """The byte that Python could not decode, as a character of Latin-1."""
    return chr(ord(character) - 0xDC00) if "\udc80" <= character <= "\udcff" else ""


def _masked(character: str) -> str:
    return character if character <= "\x7f" else "\u4e00"


def _from_windows(byte: str) -> str:
    return byte.encode("latin-1").decode("cp1252", errors="replace")


def _tolerant(data: bytes, encoding: str) -> tuple[str, int]:
    """The text and the number of its broken places."""
    text = _strict(data, encoding)
    if text is not None:
        return text, 0
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    wide = len(text) - len(text.encode("ascii", errors="ignore")) - lost
    # Going on where the rest reads best takes time, and cannot save what is broken throughout.
    if encoding in {"gb18030", "big5hkscs"} and wide >= 4 * lost and lost <= _MOST_RESUMED:
        text = data.decode(encoding, errors=_RESUMED)
    return text, text.count("\ufffd")


def _resume(error: UnicodeError) -> tuple[str, int]:
    """Go on behind a broken place where the rest reads best.

    One byte too many or too few inside a character would make others of all that follow.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    best, best_score = error.start + 1, -1.0
    for start in range(error.start + 1, min(error.start + 5, len(error.object) + 1)):
        ahead = error.object[start : start + _AHEAD].decode(error.encoding, errors="replace")
        # Signs of ASCII bring pairs into step again; what follows them says nothing.
        run = _ASCII.split(ahead, maxsplit=1)[0]
        score = _plausibility(run, error.encoding) * (1 - run.count("\ufffd") / (len(run) or 1))
        if score > best_score + 0.02:
            best, best_score = start, score
    return "\ufffd", best


codecs.register_error(_RESUMED, _resume)


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


def _damage(found: _Candidate) -> str | None:
    return _lost(found.lost, found.encoding) if found.lost else None


def _lost(number: int, encoding: str) -> str:
    return f"{number} byte sequences are not valid {encoding} and were replaced by \ufffd"


def _joined(*warnings: str | None) -> str | None:
    return "; ".join(filter(None, warnings)) or None
