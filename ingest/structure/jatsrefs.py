"""References of JATS, one line each: ``[12] Authors. Title. Source. Year;1(2):3-4. doi:…``."""

from __future__ import annotations

import re

from ingest.structure.jatsdates import date_of
from ingest.structure.jatstext import TextReader, spaced, tidy
from ingest.structure.jatsxml import XLINK, Element, children

_CITATIONS = frozenset(["element-citation", "mixed-citation", "citation", "nlm-citation"])
_PEOPLE = frozenset(
    ["person-group", "name", "string-name", "collab", "etal", "anonymous", "name-alternatives"]
)
_TITLES = ("article-title", "chapter-title", "part-title", "data-title", "trans-title")
_NUMBERED = ("year", "month", "day", "season", "volume", "issue", "fpage", "lpage", "page-range",
             "elocation-id", "date", "volume-id", "supplement")  # fmt: skip
_PREFIXES = {"doi": "doi:", "pmid": "PMID ", "medline": "PMID ", "pmcid": ""}
_ANNOUNCED = re.compile(r"(?:doi|pmc?id|pubmed|/)[:\s]*$", re.I)
_LEFT_OUT = frozenset(["label", "object-id"])


def reference_numbers(article: Element) -> dict[Element, str]:
    """Numbers of references without labels, from the marks in the text that lead to them.

    A list whose known numbers all equal the places of their entries is numbered throughout.
    """
    marks = {
        link.get("rid"): number
        for link in reversed(list(article.iter("xref")))
        if link.get("ref-type") == "bibr"
        and (number := "".join(link.itertext()).strip(" []")).isdigit()
    }
    refs = list(article.iter("ref"))
    known = [(place, marks[ref.get("id")]) for place, ref in enumerate(refs, start=1)
             if ref.get("id") in marks]  # fmt: skip
    if known and all(str(place) == number for place, number in known):
        return {ref: str(place) for place, ref in enumerate(refs, start=1)}
    return {ref: marks.get(ref.get("id"), "") for ref in refs}


def reference_text(ref: Element, number: str, reader: TextReader) -> str:
    """One entry of the list: its number, then every citation and note in it."""
    label = ref.find("label")
    if label is None:
        label = ref.find("*/label")
    mark = (reader.read(label) if label is not None else number).strip("[]().: ")
    parts = []
    for item in children(ref):
        if item.tag in _CITATIONS:
            written = _is_written(item)
            parts.append(_as_written(item, reader) if written else _composed(item, reader))
        elif item.tag == "citation-alternatives":
            best = next((c for c in children(item) if c.tag in _CITATIONS), None)
            if best is not None:
                parts.append(
                    _as_written(best, reader) if _is_written(best) else _composed(best, reader)
                )
        elif item.tag != "label":
            parts.append(reader.read(item))
    text = " ".join(part for part in parts if part)
    return f"[{mark}] {text}" if mark and text else text


def author_names(group: Element, reader: TextReader, *, full: bool = False) -> list[str]:
    """Names in order: ``Wells GA``, or ``George A Wells`` when ``full``."""
    names: list[str] = []
    for item in children(group):
        if item.tag == "name-alternatives":
            names.extend(author_names(item, reader, full=full)[:1])
        elif item.tag == "name":
            names.append(_name(item, reader, full))
        elif item.tag == "etal":
            names.append(reader.read(item) or "et al")
        elif item.tag in {"string-name", "collab", "anonymous"}:
            names.append(_string_name(item, reader) or ("Anonymous" * (item.tag == "anonymous")))
        elif item.tag in {"person-group", "collab-alternatives"}:
            names.extend(author_names(item, reader, full=full))
    return [name for name in names if name]


def _name(item: Element, reader: TextReader, full: bool) -> str:
    parts = {child.tag: reader.read(child) for child in children(item)}
    surname, given = parts.get("surname", ""), parts.get("given-names", "")
    eastern = item.get("name-style") == "eastern"
    order = (given, surname) if full and not eastern else (surname, given)
    line = " ".join([parts.get("prefix", ""), *order, parts.get("suffix", "")])
    return " ".join(line.split())


def _string_name(item: Element, reader: TextReader) -> str:
    """A name as printed; parts that nothing separates are set apart."""
    if not children(item) or any((child.tail or "").strip() for child in item) or item.text:
        return reader.read(item)
    return " ".join(reader.read(child) for child in children(item))


def _is_written(item: Element) -> bool:
    """Whether a citation holds its own punctuation, or only marked-up parts."""
    return any((text or "").strip() for text in [item.text, *(child.tail for child in item)])


def _as_written(item: Element, reader: TextReader) -> str:
    """The text as printed, with identifiers that only the markup tells."""
    pieces = [spaced(item.text)]
    for child in children(item):
        if child.tag not in _LEFT_OUT and child.tag != "pub-id":
            people = child.tag == "person-group" and not _is_written(child)
            plain_name = child.tag == "name"
            names = author_names(child, reader) if people else []
            name = _name(child, reader, full=False) if plain_name else ""
            pieces.append(", ".join(names) or name or reader.inline(child))
            if plain_name and not (child.tail or "").strip():
                pieces.append(", ")
        elif child.tag == "pub-id":
            told = _ANNOUNCED.search("".join(pieces[-2:])) is not None
            pieces.append(reader.inline(child) if told else f" {_identifier(child, reader)}")
        pieces.append(spaced(child.tail))
    return tidy("".join(pieces)).replace("\n", " ")


def _composed(item: Element, reader: TextReader) -> str:
    """A line made of marked-up parts; what has no place of its own stands at the end."""
    authors = [name for part in children(item) if _is_author(part)
               for name in _names_of(part, reader)]  # fmt: skip
    titles = [reader.read(part) for name in _TITLES for part in item.iterchildren(name)]
    sources = [reader.read(part) for part in item.iterchildren("source")]
    placed = {*_TITLES, *_NUMBERED, *_LEFT_OUT, "source", "pub-id"}
    rest = [
        _other(part, reader)
        for part in children(item)
        if part.tag not in placed and not _is_author(part)
    ]
    parts = [", ".join(authors), *titles, *sources, _numbers(item, reader), *rest]
    line = " ".join(_sentence(part) for part in parts if part)
    return " ".join([line, *_identifiers(item, reader)]).strip()


def _is_author(part: Element) -> bool:
    return part.tag in _PEOPLE and part.get("person-group-type", "author") == "author"


def _names_of(part: Element, reader: TextReader) -> list[str]:
    if part.tag in {"person-group", "name-alternatives"}:
        names = author_names(part, reader)
        return names or [reader.read(part)]
    if part.tag == "name":
        return [_name(part, reader, full=False)]
    return [_string_name(part, reader) or ("et al" if part.tag == "etal" else "")]


def _other(part: Element, reader: TextReader) -> str:
    if part.tag == "person-group":
        names = ", ".join(author_names(part, reader)) or reader.read(part)
        return f"{names} ({part.get('person-group-type')})" if names else ""
    text = reader.read(part)
    link = part.get(f"{XLINK}href", "")
    if part.tag in {"ext-link", "uri"} and link.startswith("http") and link not in text:
        return f"{text} {link}".strip()
    return text


def _numbers(item: Element, reader: TextReader) -> str:
    """Year;volume(issue):pages, as far as they are given."""
    part = {
        name: reader.read(found)
        for name in _NUMBERED
        if (found := item.find(name)) is not None and name != "date"
    }
    dated = item.find("date")
    year = " ".join(part[name] for name in ("year", "month", "season", "day") if part.get(name))
    if part.get("year", "").isdigit() and part.get("month") and not part.get("season"):
        year = date_of(item)[0] or year
    if not year and dated is not None:
        year = date_of(dated)[0] or reader.read(dated)
    volume = part.get("volume", "") + (f"({part['issue']})" if part.get("issue") else "")
    volume += f" {part['supplement']}" if part.get("supplement") else ""
    pages = part.get("page-range") or "-".join(
        dict.fromkeys(part[name] for name in ("fpage", "lpage") if part.get(name))
    )
    pages = pages or part.get("elocation-id", "")
    line = ";".join(text for text in (year, volume.strip()) if text)
    return ":".join(text for text in (line, pages) if text)


def _identifiers(item: Element, reader: TextReader) -> list[str]:
    """DOI, PubMed and PMC numbers; numbers of publishers lead nowhere."""
    known = {part: part.get("pub-id-type", "") in _PREFIXES for part in item.iter("pub-id")}
    found = [_identifier(part, reader) for part, is_known in known.items() if is_known]
    return list(dict.fromkeys(name for name in found if name))


def _identifier(part: Element, reader: TextReader) -> str:
    kind = part.get("pub-id-type", "")
    value = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", reader.read(part), flags=re.I)
    if kind == "pmcid" and value.isdigit():
        return f"PMC{value}"
    return f"{_PREFIXES.get(kind, '')}{value}" if value else ""


def _sentence(text: str) -> str:
    return text if re.search(r"[.?!。？！]$", text) else f"{text}."
