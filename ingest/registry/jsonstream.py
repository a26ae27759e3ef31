"""JSON records one at a time: JSON lines, an array, or an object around an array.

Only one record is held as objects at any time. A broken record is reported and reading goes on
with the next one that can be recognised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ingest.encoding import decode
from ingest.registry.collect import Entry

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[\s,]*")
# How a record of a registry begins; used to find the next one after a broken one.
_RECORD = re.compile(r'\{\s*"(?:protocolSection|nct|TrialID|注册号)"\s*:')
_WRAPPER = re.compile(r'\s*\{\s*(?:"\w+"\s*:\s*(?:\d+|"[^"]*"|null)\s*,\s*)*"studies"\s*:\s*\[')
_LINE = re.compile(r"\n(?=[{\[])")
_MOST_BROKEN = 1000
_FOREIGN = "is not JSON as it should be"


def json_entries(data: bytes) -> Iterator[Entry]:
    """Yield the objects of a file; ``path`` is the JSON pointer (RFC 6901) to each.

    In JSON lines the pointer is empty: it counts from the object on its line.
    """
    text = decode(data)[0]
    wrapper = _WRAPPER.match(text)
    if wrapper is not None:
        yield from _array(text, wrapper.end(), "/studies")
    elif text[:1000].lstrip().startswith("["):
        yield from _array(text, text.index("[") + 1, "")
    else:
        yield from _lines(text)


def _array(text: str, position: int, prefix: str) -> Iterator[Entry]:
    line, counted, number, broken = 1, 0, 0, 0
    while True:
        position = _skip(text, position)
        line, counted = line + text.count("\n", counted, position), position
        if position >= len(text):
            yield Entry(None, prefix, line, "the file breaks off inside the list of records")
            return
        if text[position] == "]":
            return
        path = f"{prefix}/{number}"
        number += 1
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield Entry(None, path, line, f"the record {_FOREIGN} ({_reason(error)})")
            broken += 1
            found = _RECORD.search(text, position + 1)
            if found is None:
                return
            if broken == _MOST_BROKEN:
                yield Entry(None, path, line, f"{broken} records are broken; the rest is not read")
                return
            position = found.start()
            continue
        yield _entry(value, path, line)


def _lines(text: str) -> Iterator[Entry]:
    """One object a line; an object may also span lines."""
    position, line, counted = 0, 1, 0
    while (position := _skip(text, position)) < len(text):
        line, counted = line + text.count("\n", counted, position), position
        end = text.find("\n", position)
        row = text[position : end if end >= 0 else len(text)].strip()
        try:
            if row.endswith(("{", "[", ",")):
                value, position = _DECODER.raw_decode(text, position)
            else:
                value, position = json.loads(row), position + len(row)
        except (ValueError, RecursionError) as error:
            yield Entry(None, "", line, f"the line {_FOREIGN} ({_reason(error)})")
            following = _LINE.search(text, end) if end >= 0 else None
            if following is None:
                return
            position = following.start() + 1
            continue
        yield _entry(value, "", line)


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _entry(value: object, path: str, line: int) -> Entry:
    if isinstance(value, dict):
        return Entry(value, path, line)
    return Entry(None, path, line, "there is a value where a record should be")


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
