"""JATS files as an element tree: parsed without entities, DTD or network, names made plain."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from ingest.encoding import decode
from ingest.errors import BadInput

Element = Any
XLINK = "{http://www.w3.org/1999/xlink}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# JATS, its table models and XHTML tables are written with and without a namespace.
_PLAIN_NAMESPACES = re.compile(
    r"^\{(?:https?://(?:jats|dtd)\.nlm\.nih\.gov/[^}]*|http://www\.w3\.org/1999/xhtml"
    r"|http://(?:docs\.oasis-open\.org|www\.niso\.org/standards/z39-96)/ns/oasis-exchange/table)\}"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNBOUND = re.compile(r"^oasis:")


def parse_jats(data: bytes) -> tuple[list[Element], list[str]]:
    """Return the ``article`` elements of a file and warnings.

    More than one stands in a set of articles (``pmc-articleset``, OAI-PMH answers). An entity of
    HTML's list becomes its character; others stay as written and are reported.

    Raises:
        BadInput: The XML is broken, or holds no JATS article.
    """
    root, warnings = _parse(data)
    unknown = _replace_entities(root)
    for item in root.iter(etree.Element):
        plain = _UNBOUND.sub("", _PLAIN_NAMESPACES.sub("", item.tag))
        if plain != item.tag:
            item.tag = plain
    if unknown:
        names = ", ".join(f"&{name};" for name in sorted(unknown)[:5])
        warnings.append(f"unknown entities stand as written in the text: {names}")
    articles = [root] if root.tag == "article" else _outermost(root)
    if not any(item.find("front") is not None or _has_body(item) for item in articles):
        raise BadInput(
            f"the XML is no JATS article (its root element is <{root.tag}>); "
            "check that it is the full-text XML of one article"
        )
    return articles, warnings


def children(element: Element) -> list[Element]:
    """The child elements, without comments and processing instructions."""
    return [item for item in element if isinstance(item.tag, str)]


def language_of(element: Element) -> str | None:
    """``xml:lang`` as a two-letter code, such as ``en``."""
    value = (element.get(LANG) or "").strip().lower()
    code = re.split(r"[-_]", value)[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else None


def _parse(data: bytes) -> tuple[Element, list[str]]:
    try:
        return etree.fromstring(data.strip(), _parser(recover=False)), []
    except etree.XMLSyntaxError as error:
        problem = error
    encoding, chinese = _as_chinese(data)
    if chinese is not None:
        root, warnings = _parse(chinese)
        return root, [f"the XML does not say that it is written in {encoding}; read so", *warnings]
    # A prefix nobody declared changes no text. Any other mistake may have swallowed some: lxml
    # reads "p < 0.05" as "p 0.05", so such a file is refused.
    parser = _parser(recover=True)
    root = etree.fromstring(data.strip(), parser)
    errors = [entry for entry in parser.error_log if entry.level_name != "WARNING"]
    if root is None or any(entry.domain_name != "NAMESPACE" for entry in errors):
        raise BadInput(
            f"the XML is broken ({problem.msg}); fetch the file again or have it repaired"
        ) from problem
    return root, [f"the XML is slightly wrong, no text is lost: {problem.msg}"]


def _as_chinese(data: bytes) -> tuple[str, bytes | None]:
    """A file in an old Chinese encoding it does not declare, as UTF-8."""
    text, encoding, warning = decode(data)
    if warning is not None or encoding not in {"gb18030", "big5hkscs"}:
        return encoding, None
    return encoding, _DECLARATION.sub("", text).encode("utf-8")


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=recover,
        remove_pis=True,
        remove_comments=True,
    )


def _replace_entities(root: Element) -> set[str]:
    """Put characters in the place of entity references; return the names that are unknown."""
    unknown: set[str] = set()
    for item in list(root.iter(etree.Entity)):
        character = html.unescape(item.text)
        if character == item.text:
            unknown.add(item.name)
        parent, before = item.getparent(), item.getprevious()
        text = character + (item.tail or "")
        if before is not None:
            before.tail = (before.tail or "") + text
        else:
            parent.text = (parent.text or "") + text
        item.tail = None
        parent.remove(item)
    return unknown


def _outermost(root: Element) -> list[Element]:
    return [
        item for item in root.iter("article") if next(item.iterancestors("article"), None) is None
    ]


def _has_body(article: Element) -> bool:
    return any(article.find(name) is not None for name in ("body", "back"))
