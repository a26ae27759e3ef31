"""The blocks of an article's front matter: title, authors, source, abstracts, funding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.structure.jatsbody import BodyReader
from ingest.structure.jatsdates import date_of
from ingest.structure.jatsrefs import author_names
from ingest.structure.jatstext import TextReader, spaced, tidy
from ingest.structure.jatsxml import Element, children, language_of

_TRIVIAL = re.compile(r"(?:yes|no|true|false|[\d.,: -]*)$", re.I)
_ADDRESS = frozenset(
    ["institution", "institution-wrap", "addr-line", "city", "state", "postal-code", "country",
     "named-content", "email", "phone", "fax"]
)  # fmt: skip
_HISTORY = {"rev-recd": "revised", "rev-request": "revision requested"}
_KEYWORDS = ("Keywords", "关键词")


class HeaderReader:
    """Writes the front matter of ``front`` or ``front-stub`` through a :class:`BodyReader`."""

    def __init__(self, body: BodyReader, text: TextReader, *, chinese: bool) -> None:
        self._body = body
        self._text = text
        self._chinese = chinese

    def read(self, front: Element, level: int) -> None:
        """Title at ``level``, everything else below it."""
        meta = front.find("article-meta")
        meta = front if meta is None else meta
        self._titles(meta, level)
        self._people(meta)
        self._source(front, meta)
        self._subjects(meta)
        for group in meta.iterchildren("kwd-group"):
            self._keywords(group)
        for item in meta.iterchildren("author-notes"):
            self._body.content(item, level + 1)
        self._remarks(meta)
        for item in meta.iterchildren("abstract", "trans-abstract"):
            self._abstract(item, level + 1)
        for group in front.iter("funding-group"):
            self._funding(group, level + 1)
        for item in front.iterchildren("notes"):
            self._body.visit(item, level + 1)

    def _titles(self, meta: Element, level: int) -> None:
        group = meta.find("title-group")
        if group is None:
            return
        for item in children(group):
            text = self._text.read(item).replace("\n", " ")
            if item.tag == "article-title":
                self._body.heading(text, level, item)
            elif item.tag in {"subtitle", "trans-title"}:
                self._body.add("paragraph", text, item)
            elif item.tag == "trans-title-group":
                for part in children(item):
                    self._body.add("paragraph", self._text.read(part), part)
            elif item.tag == "fn-group":
                self._body.content(item, level + 1)

    def _people(self, meta: Element) -> None:
        for group in meta.iterchildren("contrib-group"):
            names: list[str] = []
            for contributor in group.iterchildren("contrib"):
                name = ", ".join(author_names(contributor, self._text, full=True))
                roles = [self._text.read(role) for role in contributor.iterchildren("role")]
                kind = contributor.get("contrib-type", "author")
                roles += [kind] if kind != "author" and not roles else []
                told = f" ({', '.join(dict.fromkeys(roles))})" if any(roles) else ""
                names.append(f"{name}{told}".strip())
            text = ", ".join(name for name in names if name)
            self._body.add("paragraph", text, group)
            for item in group.iter("aff"):
                self._affiliation(item)
        for item in meta.iterchildren("aff", "aff-alternatives"):
            self._affiliation(item)

    def _affiliation(self, item: Element) -> None:
        label = item.find("label")
        text = tidy("".join(self._apart(item))).replace("\n", " ")
        mark = self._text.read(label) if label is not None else ""
        self._body.add("paragraph", f"{mark} {text.removeprefix(mark).strip()}".strip(), item)

    def _apart(self, item: Element) -> Iterator[str]:
        """An address: department, university and country set apart where the file does not."""
        yield spaced(item.text)
        for child in children(item):
            yield self._text.inline(child)
            after = child.getnext()
            bare = not (child.tail or "").strip() and after is not None
            yield ", " if bare and {child.tag, after.tag} <= _ADDRESS else spaced(child.tail)

    def _source(self, front: Element, meta: Element) -> None:
        """Journal, issue and numbers on one line: what a reader cites the article by."""
        journal = front.find(".//journal-title")
        found = {
            name: self._text.read(item)
            for name in ("volume", "issue", "fpage", "lpage", "elocation-id")
            if (item := meta.find(name)) is not None
        }
        pages = "-".join(dict.fromkeys(found[key] for key in ("fpage", "lpage") if key in found))
        issue = f"({found['issue']})" if found.get("issue") else ""
        where = found.get("volume", "") + issue
        pages = pages or found.get("elocation-id", "")
        parts = [self._text.read(journal) if journal is not None else ""]
        parts.append(":".join(part for part in (where, pages) if part))
        for item in meta.iterchildren("pub-date"):
            kind = item.get("pub-type") or item.get("publication-format") or item.get("date-type")
            if kind != "pmc-release" and date_of(item)[0]:
                parts.append(f"published {date_of(item)[0]}" + (f" ({kind})" if kind else ""))
        for item in meta.iterfind("history/date"):
            if date_of(item)[0]:
                kind = item.get("date-type", "dated")
                parts.append(f"{_HISTORY.get(kind, kind)} {date_of(item)[0]}")
        parts += [_number(item, self._text) for item in meta.iterchildren("article-id")]
        text = "; ".join(dict.fromkeys(part for part in parts if part))
        self._body.add("paragraph", text, meta, "supplied")

    def _subjects(self, meta: Element) -> None:
        subjects = [
            self._text.read(item)
            for item in meta.iterfind("article-categories//*")
            if item.tag in {"subject", "compound-subject"}
        ]
        categories = meta.find("article-categories")
        if categories is not None:
            text = "; ".join(dict.fromkeys(filter(None, subjects)))
            self._body.add("paragraph", text, categories)

    def _abstract(self, item: Element, level: int) -> None:
        own = item.find("title")
        if own is None or not self._text.read(own):
            in_language = language_of(item)
            chinese = self._chinese if in_language is None else in_language == "zh"
            name = "摘要" if chinese else "Abstract"
            kind = item.get("abstract-type", "").replace("-", " ")
            self._body.heading(f"{name} ({kind})" if kind else name, level, item, "supplied")
            self._body.content(item, level + 1)
            return
        self._body.heading(self._text.read(own), level, own)
        self._body.content(item, level + 1, frozenset(["title", "label"]))

    def _keywords(self, group: Element) -> None:
        title = group.find("title")
        named = self._text.read(title) if title is not None else ""
        chinese = language_of(group) == "zh" if language_of(group) else self._chinese
        words = [self._text.read(item) for item in group.iter("kwd", "compound-kwd")]
        text = "; ".join(dict.fromkeys(word for word in words if word))
        if text:
            text = f"{(named or _KEYWORDS[chinese]).rstrip(':：')}: {text}"
        self._body.add("paragraph", text, group)

    def _funding(self, group: Element, level: int) -> None:
        if not "".join(group.itertext()).strip():
            return
        self._body.supplied("funding-group", level, group)
        for award in group.iterchildren("award-group"):
            parts = [self._text.read(part) for part in children(award)]
            self._body.add("list_item", "; ".join(part for part in parts if part), award)
        for item in children(group):
            if item.tag != "award-group":
                self._body.add("paragraph", self._text.read(item), item)

    def _remarks(self, meta: Element) -> None:
        """Statements kept as ``custom-meta``, such as data availability; not the archive's own."""
        for item in meta.iterfind("custom-meta-group/custom-meta"):
            parts = [item.find("meta-name"), item.find("meta-value")]
            name, value = (self._text.read(p) if p is not None else "" for p in parts)
            if not name.startswith("pmc-") and not _TRIVIAL.match(value):
                self._body.add("paragraph", f"{name}: {value}", item)


def _number(item: Element, text: TextReader) -> str:
    value, kind = text.read(item), item.get("pub-id-type", "")
    prefix = {"doi": "doi:", "pmid": "PMID ", "pmc": "PMC", "pmcid": "", "pmcaid": None}.get(kind)
    if prefix is None or not value:
        return ""
    return value if value.upper().startswith("PMC") else f"{prefix}{value}"
