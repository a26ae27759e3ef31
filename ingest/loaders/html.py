"""HTML pages: the content without the site around it."""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from ingest.encoding import decode, decode_as
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.structure.captions import attach_figure_captions, attach_table_captions
from ingest.structure.headings import with_sections
from ingest.structure.htmltags import stray_words_escaped
from ingest.structure.htmltree import blocks_of, inline_text, visible_text

_CHARSET = re.compile(rb"<meta[^<>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^<>]+encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Pages that say GB2312 or GBK use characters of their superset.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "big5": "big5hkscs"}
_DATE_NAMES = frozenset(
    [
        "pubdate",
        "publishdate",
        "publish_date",
        "date",
        "dc.date",
        "dcterms.issued",
        "dcterms.date",
        "article:published_time",
        "citation_publication_date",
        "citation_date",
    ]
)
_DATE = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})")
_MIN_MAIN = 0.3


def load(source: Source) -> Loaded:
    """Read a page; locators hold the line and the XPath of the element.

    The ``main`` or ``article`` element is the content when it holds a good part of the text. What
    is struck out is left out with a warning; text that no reader sees is withheld.
    Raises :class:`BadInput` when the page shows no text without running scripts.
    """
    text, warnings = _decode(source.data)
    text, stray = stray_words_escaped(text)
    if stray:
        warnings.append(f"{stray} signs < that open no tag were read as text")
    root = _parse(text)
    tree = root.getroottree()
    try:
        read = blocks_of(
            _content(root), lambda item: Locator(line=item.sourceline, path=tree.getpath(item))
        )
    except RecursionError as error:
        raise BadInput("the page is nested too deeply to be read; save it as PDF") from error
    blocks, more = attach_figure_captions(read.blocks)
    read.silent_images += more
    blocks = with_sections(attach_table_captions(blocks))
    if not blocks:
        raise BadInput(
            "the page holds no text (empty, or filled in by scripts); "
            "open it in a browser and save it as PDF or as a complete page"
        )
    return Loaded(
        blocks,
        title=_title(root, blocks),
        metadata=_metadata(root),
        warnings=warnings + read.warnings(),
        withheld=read.withheld,
    )


def _decode(data: bytes) -> tuple[str, list[str]]:
    """Decode by byte order mark, then as the page says, then by its looks."""
    if not data.strip():
        raise BadInput("the file is empty; check the export or leave it out")
    declared = _CHARSET.search(data[:8192]) or _XML_ENCODING.search(data[:512])
    if declared is not None and not data.startswith(_BOMS):
        name = declared.group(1).decode("ascii", "replace")
        try:
            encoding = codecs.lookup(name).name
            if encoding.startswith(("utf-16", "utf-32")):
                # The declaration was readable as ASCII, so it cannot be true (HTML standard).
                raise LookupError(name)
            read = decode_as(data, _SUPERSETS.get(encoding, encoding))
        except (LookupError, UnicodeError):
            read = None
        if read is not None:
            return read[0], [read[1]] if read[1] else []
        text, found, _ = decode(data)
        return text, [f"the page says {name} but is not; read as {found}"]
    text, _, warning = decode(data)
    return text, [warning] if warning else []


def _parse(text: str) -> HtmlElement:
    """Parse from UTF-8 bytes, so that a declaration inside the page cannot mislead lxml."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    clean = re.sub("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]", "", text)
    try:
        root = lxml_html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise BadInput(f"the page cannot be parsed ({error}); save it again") from error
    return root


def _content(root: HtmlElement) -> HtmlElement:
    """The element that holds the content: ``main``, a single ``article`` or the body."""
    body = root.find(".//body")
    if body is None:
        return root
    whole = len(visible_text(body).strip())
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.findall(path)
        if len(found) == 1 and len(visible_text(found[0]).strip()) >= whole * _MIN_MAIN:
            return found[0]
    return body


def _title(root: HtmlElement, blocks: list[Block]) -> str | None:
    """The first ``h1``, else the page's title without the name of the site."""
    heads = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    element = root.find(".//head/title")
    page = inline_text(element.text or "") if element is not None else ""
    if heads and (not page or heads[0] in page or len(heads) == 1):
        return heads[0]
    short = re.split(r"\s+[-|_–—]\s+|[_|]", page)[0].strip()
    return short or (heads[0] if heads else None)


def _metadata(root: HtmlElement) -> dict[str, str]:
    """Language and date of publication, where the page states them."""
    found: dict[str, str] = {}
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    if language.strip():
        found["language"] = language.strip().split("-")[0].lower()
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        match = _DATE.search(meta.get("content") or "")
        if name in _DATE_NAMES and match is not None:
            year, month, day = (int(part) for part in match.groups())
            if 1 <= month <= 12 and 1 <= day <= 31:
                found["issued"] = f"{year:04d}-{month:02d}-{day:02d}"
                break
    return found
