"""What JATS says of figures, tables and supplementary files: captions, notes, file names."""

from __future__ import annotations

from collections.abc import Callable

from ingest.structure.jatstext import TextReader
from ingest.structure.jatsxml import XLINK, Element, children

_CLICK_HERE = "Click here for"  # the archive's own words under a file


def joined(text: TextReader, *parts: Element | None) -> str:
    """Label and title on one line."""
    return " ".join(read for part in parts if part is not None and (read := text.read(part)))


def caption_parts(element: Element) -> list[Element]:
    """Title and paragraphs of the caption."""
    caption = element.find("caption")
    return [] if caption is None else children(caption)


def caption_lines(element: Element, text: TextReader) -> list[str]:
    """The label with the first line of the caption, then the other lines."""
    first, *others = [*caption_parts(element), None]
    lines = [joined(text, element.find("label"), first)]
    return lines + [text.read(part) for part in others if part is not None]


def figure_lines(element: Element, text: TextReader) -> list[str]:
    """Label, caption and whatever else is said; the picture itself is not in the file."""
    lines = caption_lines(element, text)
    for child in children(element):
        if child.tag in {"attrib", "p", "disp-formula", "abstract"}:
            lines.append(text.read(child))
        elif child.tag in {"graphic", "media", "alternatives", "alt-text", "long-desc"}:
            lines.append(alternative(child))
    return list(dict.fromkeys(line for line in lines if line))


def note_line(note: Element, text: TextReader) -> str:
    """A note on one line, its mark first."""
    return joined(text, note.find("label"), *note.iterchildren("p")).replace("\n", " ")


def foot_lines(foot: Element, text: TextReader) -> list[str]:
    """The notes below a table, one a line, each with its mark."""
    lines: list[str] = []
    for part in children(foot) or [foot]:
        if part.tag == "fn-group":
            lines.extend(foot_lines(part, text))
        elif part.tag == "fn":
            lines.append(note_line(part, text))
        elif part.tag == "def-list":
            for item in part.iterchildren("def-item"):
                lines.append(": ".join(text.read(side) for side in children(item)))
        else:
            lines.append(text.read(part))
    return [line.replace("\n", " ") for line in lines if line]


def supplement_lines(element: Element, text: TextReader) -> list[str]:
    """A file that goes with the article: named here, not part of the XML."""
    lines = caption_lines(element, text)
    for child in children(element):
        if child.tag == "media":
            lines.extend(caption_lines(child, text))
        elif child.tag not in {"label", "caption", "object-id", "permissions"}:
            lines.append(text.read(child) or alternative(child))
    kept = [line for line in lines if line and not line.startswith(_CLICK_HERE)]
    return list(dict.fromkeys(kept))


def alternative(element: Element) -> str:
    """What the file says in place of a picture, unless a program wrote it."""
    told = [element] if element.tag in {"alt-text", "long-desc"} else []
    told += list(element.iterdescendants("alt-text", "long-desc"))
    words = [" ".join("".join(item.itertext()).split()) for item in told]
    return " ".join(dict.fromkeys(word for word in words if " " in word))


def file_flags(element: Element, kind: str, *tags: str) -> tuple[str, ...]:
    """``graphic:NAME`` or ``file:NAME`` for each file that an element points to."""
    names = (item.get(f"{XLINK}href") for item in element.iter(*tags))
    return tuple(dict.fromkeys(f"{kind}:{name}" for name in names if name))


def mentions(article: Element, path_of: Callable[[Element], str]) -> dict[str, list[str]]:
    """For each figure and table id the XPaths of the paragraphs that refer to it, in order."""
    found: dict[str, dict[str, None]] = {}
    for link in article.iter("xref"):
        if link.get("ref-type") not in {"fig", "table"}:
            continue
        paragraph = next(link.iterancestors("p"), None)
        if paragraph is None or next(link.iterancestors("caption"), None) is not None:
            continue
        for target in (link.get("rid") or "").split():
            found.setdefault(target, {})[path_of(paragraph)] = None
    return {target: list(paths) for target, paths in found.items()}
