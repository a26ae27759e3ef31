"""Journal articles in JATS XML, as PubMed Central and publishers give them out."""

from __future__ import annotations

from collections import Counter

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.model import Block, Locator
from ingest.structure.headings import with_sections
from ingest.structure.jatsbody import BodyReader, flagged
from ingest.structure.jatsfront import Standing, metadata_of, standing_of
from ingest.structure.jatsheader import HeaderReader
from ingest.structure.jatstext import TextReader
from ingest.structure.jatsxml import Element, children, language_of, parse_jats

_LEFT_OUT = {
    "pictures": "{} pictures have neither a caption nor a text alternative",
    "pictured_tables": "{} tables are pictures and were not read; only their captions were",
    "supplements": "{} supplementary files are named in the text but not part of the XML",
    "formulas": "{} formulas or signs are pictures without words; they stand as □",
    "struck": "{} struck-out passages were left out",
}


def load(source: Source) -> Loaded:
    """Read an article; locators hold the XPath of the element.

    Front matter stands first (title, authors, source, abstracts, keywords, funding), then body,
    back matter and references. Figures and tables that the file keeps at its end follow the first
    paragraph that refers to them. If the article is retracted, corrected or doubted, a first block
    and a flag on every block say so. Follows JATS 1.3 (ANSI/NISO Z39.96-2021) and its forerunners
    NLM 2.x and 3.0.

    Raises:
        BadInput: The XML is broken, no JATS, nested too deeply, or holds no text.
    """
    articles, warnings = parse_jats(source.data)
    if len(articles) > 1:
        warnings.append(
            f"the file holds {len(articles)} articles and is read as one document under the title "
            "of the first; split it to cite each by its own title"
        )
    blocks: list[Block] = []
    left_out: Counter[str] = Counter()
    try:
        metadata, more = metadata_of(articles[0], TextReader())
        for article in articles:
            found, standing, missed = _article(article, 1)
            blocks += found
            left_out += missed
            warnings += [f"{item.text}; every answer from it says so" for item in standing]
    except RecursionError as error:
        raise BadInput("the article is nested too deeply to be read") from error
    if not any(block.kind != "heading" for block in blocks):
        raise BadInput(
            "the article holds no text (only a shell of metadata); fetch the full-text XML"
        )
    warnings += more
    warnings += [text.format(left_out[kind]) for kind, text in _LEFT_OUT.items() if left_out[kind]]
    return Loaded(with_sections(blocks), metadata.get("title"), metadata, warnings=warnings)


def _article(article: Element, level: int) -> tuple[list[Block], list[Standing], Counter[str]]:
    """The blocks of one article and of the answers and translations inside it."""
    chinese = language_of(article) == "zh"
    text = TextReader()
    body = BodyReader(article, text, chinese=chinese)
    front = article.find("front")
    front = article.find("front-stub") if front is None else front
    if front is not None:
        HeaderReader(body, text, chinese=chinese).read(front, level)
    for part in ("body", "back"):
        for item in article.iterchildren(part):
            if part == "back":
                body.floats(article)
            first = next(iter(children(item)), None)
            if part == "body" and first is not None and first.tag != "sec" and body.blocks:
                # What follows the abstract without a heading is no part of the abstract.
                body.supplied("body", level + 1, item)
            body.content(item, level + 1)
    body.floats(article)
    title = article.find(".//title-group/article-title")
    standing = standing_of(article, text.read(title) if title is not None else "", text)
    notice = [
        Block("paragraph", item.text, Locator(path=body.path(article)), flags=("supplied",))
        for item in standing
    ]
    blocks = flagged([*notice, *body.blocks], *(item.flag for item in standing))
    left_out = body.left_out + text.left_out
    for part in children(article):
        if part.tag in {"sub-article", "response"}:
            more, said, missed = _article(part, level + 1)
            blocks += more
            standing += said
            left_out += missed
    return blocks, standing, left_out
