"""The blocks of a PubMed record, in the order of its page."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model import Block, BlockKind
from ingest.structure.jatsxml import Element, children
from ingest.structure.pubmeddates import date_of
from ingest.structure.pubmedrecord import Record

# What indexers and the archive add is no quotation of the article.
_SUPPLIED = ("supplied",)
_RELATED = {
    "CommentIn": "Comment in", "CommentOn": "Comment on", "ErratumIn": "Erratum in",
    "ErratumFor": "Erratum for", "RetractionIn": "Retraction in", "RetractionOf": "Retraction of",
    "PartialRetractionIn": "Partial retraction in",
    "PartialRetractionOf": "Partial retraction of",
    "ExpressionOfConcernIn": "Expression of concern in",
    "ExpressionOfConcernFor": "Expression of concern for",
    "CorrectedandRepublishedIn": "Corrected and republished in",
    "CorrectedandRepublishedFrom": "Corrected and republished from",
    "RetractedandRepublishedIn": "Retracted and republished in",
    "RetractedandRepublishedFrom": "Retracted and republished from",
    "UpdateIn": "Updated version in", "UpdateOf": "Update of",
    "SummaryForPatientsIn": "Summary for patients in",
    "OriginalReportIn": "Original report in", "ReprintIn": "Reprint in", "ReprintOf": "Reprint of",
}  # fmt: skip


def blocks_of(record: Record) -> list[Block]:
    """All blocks; those with the flag ``supplied`` are not the article's own words."""
    return [block for block in _all(record) if block.text]


def _all(record: Record) -> Iterator[Block]:
    for item in record.standing():
        yield _paragraph(record, item.text, record.citation, *_SUPPLIED)
    yield from _head(record)
    yield from _indexed(record)
    for item in record.article.iterfind("Abstract"):
        yield from _abstract(record, item, "Abstract")
    for item in record.citation.iterfind("OtherAbstract"):
        chinese = item.get("Language") in {"chi", "zho"}
        kind = item.get("Type", "").replace("-", " ")
        # "Publisher" says who sent it, the others what it is.
        told = f" ({kind})" if kind and kind != "Publisher" else ""
        yield from _abstract(record, item, ("摘要" if chinese else "Abstract") + told)
    for item in record.article.iterfind("Sections/Section"):
        yield from _section(record, item, 2)
    yield from _statements(record)
    yield from _references(record)


def _head(record: Record) -> Iterator[Block]:
    title = record.article.find("ArticleTitle")
    book = record.article.find("Book/BookTitle")
    vernacular = record.article.find("VernacularTitle")
    first, *others = [
        item for item in (vernacular, title, book) if item is not None and record.read(item)
    ] or [record.citation]
    if record.read(first):
        named = record.titles()[0] if first is record.citation else record.read(first)
        yield Block("heading", named, record.locator(first), level=1)
    for item in others:
        yield _paragraph(record, record.read(item), item)
    for people in (
        *record.article.iterfind("AuthorList"),
        *record.citation.iterfind("InvestigatorList"),
    ):
        role = "Investigators: " if people.tag == "InvestigatorList" else ""
        names = ", ".join(filter(None, (_name(record, one) for one in children(people))))
        yield _paragraph(record, role + names if names else "", people)
        places = "; ".join(record.all(people, "*/AffiliationInfo/Affiliation"))
        yield _paragraph(record, places, people)
    yield _paragraph(record, _source(record), record.article, *_SUPPLIED)


def _name(record: Record, person: Element) -> str:
    collective = record.read(person.find("CollectiveName"))
    parts = [record.read(person.find(name)) for name in ("ForeName", "LastName", "Suffix")]
    parts[0] = parts[0] or record.read(person.find("Initials"))
    return collective or " ".join(filter(None, parts))


def _source(record: Record) -> str:
    """Journal, issue, dates and numbers on one line: what a reader cites the article by."""
    article, citation = record.article, record.citation
    issue = article.find("Journal/JournalIssue")
    volume, number = (
        record.read(issue.find(name)) if issue is not None else "" for name in ("Volume", "Issue")
    )
    where = volume + (f"({number})" if number else "")
    pages = record.read(article.find("Pagination/MedlinePgn"))
    parts = [record.read(article.find("Journal/Title")), ":".join(filter(None, (where, pages)))]
    parts.append(record.read(article.find("Book/Publisher/PublisherName")))
    when = record.issued()[0]
    parts.append(f"published {when}" if when else "")
    language = ", ".join(record.all(article, "Language"))
    parts.append(f"language {language}" if language not in {"", "eng"} else "")
    kinds = ", ".join(record.all(article, "PublicationTypeList/PublicationType"))
    parts.append(kinds or ", ".join(record.all(article, "PublicationType")))
    names = {"pubmed": "PMID ", "doi": "doi:", "pmc": "", "bookaccession": "", "pii": "pii "}
    numbers = record.numbers()
    parts += [f"{mark}{numbers[kind]}" for kind, mark in names.items() if kind in numbers]
    revised = citation.find("DateRevised")
    parts.append(f"record revised {date_of(revised)[0]}" if revised is not None else "")
    return "; ".join(filter(None, parts))


def _abstract(record: Record, item: Element, name: str) -> Iterator[Block]:
    yield Block("heading", name, record.locator(item), level=2, flags=_SUPPLIED)
    for part in children(item):
        label = " ".join(part.get("Label", "").split())
        if label and label.upper() != "UNLABELLED" and record.read(part):
            yield Block("heading", label, record.locator(part), level=3)
        kind: BlockKind = "footnote" if part.tag == "CopyrightInformation" else "paragraph"
        yield Block(kind, record.text.read(part), record.locator(part))


def _section(record: Record, item: Element, level: int) -> Iterator[Block]:
    title = item.find("SectionTitle")
    if title is not None and record.read(title):
        yield Block("heading", record.read(title), record.locator(title), level=level)
    for part in item.iterchildren("Section"):
        yield from _section(record, part, level + 1)


def _indexed(record: Record) -> Iterator[Block]:
    """Keywords, MeSH, substances, numbers in other databases."""
    citation, article = record.citation, record.article
    for item in citation.iterfind("KeywordList"):
        yield _paragraph(record, _named("Keywords", record.all(item, "Keyword")), item)
    for item in citation.iterfind("MeshHeadingList"):
        headings = ["/".join(record.all(heading, "*")) for heading in children(item)]
        yield _paragraph(record, _named("MeSH", headings), item, *_SUPPLIED)
    lists = (
        ("Substances", "ChemicalList", "Chemical/NameOfSubstance"),
        ("Supplementary concepts", "SupplMeshList", "SupplMeshName"),
        ("Genes", "GeneSymbolList", "GeneSymbol"),
        ("Notes", ".", "GeneralNote"),
    )
    for name, place, path in lists:
        for item in citation.iterfind(place):
            yield _paragraph(record, _named(name, record.all(item, path)), item, *_SUPPLIED)
    for bank in article.iterfind("DataBankList/DataBank"):
        name = record.read(bank.find("DataBankName"))
        numbers = record.all(bank, "AccessionNumberList/AccessionNumber")
        yield _paragraph(record, _named(name, numbers), bank, *_SUPPLIED)


def _statements(record: Record) -> Iterator[Block]:
    """Funding, interests, and articles that answer this one."""
    for item in record.article.iterfind("GrantList"):
        yield Block("heading", "Funding", record.locator(item), level=2, flags=_SUPPLIED)
        for grant in item.iterchildren("Grant"):
            text = ", ".join(record.all(grant, "*"))
            yield Block("list_item", text, record.locator(grant), flags=_SUPPLIED)
    for item in record.citation.iterfind("CoiStatement"):
        if record.read(item):
            name = "Conflict of interest statement"
            yield Block("heading", name, record.locator(item), level=2, flags=_SUPPLIED)
            yield _paragraph(record, record.text.read(item), item)
    related = [
        (item, _RELATED.get(item.get("RefType", ""), item.get("RefType", "")))
        for item in record.citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
        if item.get("RefType") not in {"Cites", "Cited"}
    ]
    if related:
        place = record.locator(related[0][0].getparent())
        yield Block("heading", "Related articles", place, level=2, flags=_SUPPLIED)
    for item, how in related:
        text = f"{how}: {record.related(item)}"
        yield Block("list_item", text, record.locator(item), flags=_SUPPLIED)


def _references(record: Record) -> Iterator[Block]:
    cited = [
        (item, record.related(item))
        for item in record.citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
        if item.get("RefType") == "Cites"
    ]
    listed = [
        (item, _reference(record, item))
        for place in ("PubmedData", "BookDocument")
        for item in record.item.iterfind(f"{place}//Reference")
    ]
    found = [(item, text) for item, text in (listed or cited) if text]
    if found:
        place = record.locator(found[0][0].getparent())
        yield Block("heading", "References", place, level=2, flags=_SUPPLIED)
    for item, text in found:
        yield Block("list_item", text, record.locator(item), flags=("reference",))


def _reference(record: Record, item: Element) -> str:
    text = record.read(item.find("Citation"))
    names = {"pubmed": "PMID ", "doi": "doi:", "pmc": ""}
    for number in item.iterfind("ArticleIdList/ArticleId"):
        value = record.read(number)
        if value and value not in text:
            text += f" {names.get(number.get('IdType', ''), '')}{value}"
    return text.strip()


def _named(name: str, values: list[str]) -> str:
    found = "; ".join(filter(None, values))
    return f"{name}: {found}" if found and name else found


def _paragraph(record: Record, text: str, element: Element, *flags: str) -> Block:
    return Block("paragraph", text, record.locator(element), flags=flags)
