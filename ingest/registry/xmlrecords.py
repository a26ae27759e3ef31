"""XML records one at a time, each parsed by itself: a broken one costs no other.

Record elements are cut out of the file before parsing. Entities are not expanded, nothing is
loaded, and only one record is held as a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.encoding import decode
from ingest.registry.collect import Entry


def xml_entries(data: bytes, tags: tuple[str, ...]) -> Iterator[Entry]:
    """Yield the elements named ``tags`` (in any case) with their XPath and line.

    A record that is not well-formed is read as far as it can be, with a warning; one that breaks
    off, or that nothing can be read of, is reported.
    """
    text = _utf8(data)
    root = re.search(rb"<([A-Za-z_][\w.-]*)", _PROLOGUE.sub(b"", text[:4096]))
    top = root.group(1).decode() if root else "*"
    names = b"|".join(tag.encode() for tag in tags)
    opening = re.compile(rb"<(" + names + rb")(?=[\s>])[^<>]*>", re.I)
    line, counted, number, position, end = 1, 0, 0, 0, -1
    while (start := opening.search(text, position)) is not None:
        line, counted = line + text.count(b"\n", counted, start.start()), start.start()
        name = start.group(1)
        number += 1
        path = f"/{top}/{name.decode()}[{number}]"
        if end < start.end():
            end = text.find(b"</" + name + b">", start.end())
        following = opening.search(text, start.end())
        if end < 0:
            yield Entry(None, path, line, "the file breaks off inside this record")
            return
        if following is not None and following.start() < end:
            yield Entry(None, path, line, "the record breaks off before its end tag")
            position = start.end()
            continue
        position = end + len(name) + 3
        yield _parsed(text[start.start() : position], path, line)


_PROLOGUE = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.S | re.I)


def _utf8(data: bytes) -> bytes:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return decode(data)[0].encode("utf-8", "replace")
    return data


def _parsed(record: bytes, path: str, line: int) -> Entry:
    try:
        return Entry(etree.fromstring(record, _parser()), path, line)
    except etree.XMLSyntaxError as error:
        mended = etree.fromstring(record, _parser(recover=True))
        problem = f"the record is not well-formed ({error.msg})"
        if mended is None:
            return Entry(None, path, line, problem)
        return Entry(mended, path, line, f"{problem}; it was read as far as possible, check it")


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
