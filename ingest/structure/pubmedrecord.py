"""A record of PubMed: its parts, what it says of itself, and whether the article still stands.

Source: *MEDLINE/PubMed XML Element Descriptions and their Attributes* (National Library of
Medicine) and the PubMed DTD of January 2025.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.model import Locator
from ingest.structure.jatsfront import STANDING_WORDS, TRIAL_NUMBER, Standing
from ingest.structure.jatstext import TextReader, spaced
from ingest.structure.jatsxml import Element, children
from ingest.structure.pubmeddates import date_of, first_day

_KEYWORDS_MOST = 30
_TRANSLATED = re.compile(r"\[(.+?)\.?\]\.?")
# Underlined signs stand for those that old type could not set.
_UNDERLINED = {"<": "≤", ">": "≥", "+": "±"}
# Publication types (MeSH) and RefType (DTD) that speak of an article's standing.
_TYPES = {
    "retracted publication": "retracted",
    "retraction of publication": "retraction_notice",
    "published erratum": "correction_notice",
    "expression of concern": "concern_notice",
}
_REFERENCES = {
    "RetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "corrected",
    "PartialRetractionIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
    "RetractionOf": "retraction_notice",
    "PartialRetractionOf": "retraction_notice",
    "ErratumFor": "correction_notice",
    "ExpressionOfConcernFor": "concern_notice",
}
# What blocks and metadata are made of, and what only the archive itself needs.
_READ = frozenset(
    ["Abstract", "ArticleDate", "ArticleIdList", "ArticleTitle", "AuthorList", "Book",
     "ChemicalList", "CoiStatement", "CommentsCorrectionsList", "ContributionDate", "DataBankList",
     "DateRevised", "ELocationID", "GeneSymbolList", "GeneralNote", "GrantList",
     "InvestigatorList", "Journal", "KeywordList", "Language", "MeshHeadingList", "OtherAbstract",
     "PMID", "Pagination", "PublicationType", "PublicationTypeList", "ReferenceList", "Sections",
     "SupplMeshList", "VernacularTitle"]
)  # fmt: skip
_ADMINISTRATIVE = frozenset(
    ["Article", "CitationSubset", "DateCompleted", "DateCreated", "ItemList", "LocationLabel",
     "MedlineJournalInfo", "NumberOfReferences", "OtherID", "SpaceFlightMission"]
)  # fmt: skip
_REGISTRIES = frozenset(
    ["anzctr", "chictr", "clinicaltrials.gov", "cris", "ctri", "drks", "eudract", "irct", "isrctn",
     "japiccti", "jmacct", "jrct", "ntr", "pactr", "rebec", "repec", "rpcec", "slctr", "tctr",
     "umin-ctr", "umin ctr"]
)  # fmt: skip


class AbstractReader(TextReader):
    """Reads inline text of PubMed: the inline elements of JATS, and underlined signs."""

    def inline(self, element: Element) -> str:
        """The text of one inline element, without what follows it."""
        if element.tag == "u":
            text = "".join(element.itertext())
            return _UNDERLINED.get(text.strip(), spaced(text))
        return super().inline(element)


class Record:
    """One ``PubmedArticle`` or ``PubmedBookArticle``.

    Attributes:
        item: The element, alone in its tree.
        citation: ``MedlineCitation`` or ``BookDocument``: what was added to the article.
        article: ``Article``, or ``BookDocument`` again: what the journal or book says.
        number: The PMID, perhaps empty.
        name: What messages call the record.
    """

    def __init__(self, item: Element, path: str) -> None:
        self.item = item
        book = item.find("BookDocument")
        self.citation: Element = _first(item, "MedlineCitation", "BookDocument")
        self.article: Element = _first(self.citation, "Article") if book is None else book
        self.text = AbstractReader()
        self.number = self.read(self.citation.find("PMID"))
        self.name = f"PMID {self.number}" if self.number else path
        self._path = path
        self._tree = item.getroottree()

    @property
    def has_abstract(self) -> bool:
        """Whether there is an abstract in any language."""
        found = [*self.article.iterfind("Abstract"), *self.citation.iterfind("OtherAbstract")]
        return any(self.read(part) for item in found for part in item.iterfind("AbstractText"))

    def read(self, element: Element | None) -> str:
        """The text of an element on one line; empty without one."""
        return self.text.read(element).replace("\n", " ") if element is not None else ""

    def all(self, element: Element, path: str) -> list[str]:
        """The texts of the elements at a path, each once."""
        found = (self.read(item) for item in element.iterfind(path))
        return list(dict.fromkeys(text for text in found if text))

    def locator(self, element: Element) -> Locator:
        """The XPath of an element in the file."""
        steps = str(self._tree.getpath(element)).split("/")
        return Locator(path="/".join([self._path, *steps[2:]]))

    def titles(self) -> tuple[str, str]:
        """The title in the language of the article if it is given, and in English."""
        title = self.read(self.article.find("ArticleTitle")) or self.read(
            self.article.find("Book/BookTitle")
        )
        vernacular = self.read(self.article.find("VernacularTitle"))
        translated = _TRANSLATED.fullmatch(title)
        english = translated.group(1) if translated else re.sub(r"(?<=\w|\))\.$", "", title)
        if vernacular:
            return re.sub(r"(?<=\w|\))[.。]$", "", vernacular), english
        return english, english

    def metadata(self) -> tuple[dict[str, Any], list[str]]:
        """Metadata with the names of :class:`ingest.model.Metadata`, and warnings."""
        title, english = self.titles()
        data: dict[str, Any] = {"kind": "paper"}
        if title:
            data["title"] = title
        if english:
            data["title_en"] = english
        # The main abstract is in English, whatever the language of the article.
        if self.article.find("Abstract/AbstractText") is not None:
            data["language"] = "en"
        journal = self.read(self.article.find("Journal/Title")) or self.read(
            self.article.find("Book/BookTitle")
        )
        if journal:
            data["issuer"] = journal
        warnings = []
        when, whole = self.issued()
        if when:
            data["issued"] = first_day(when)
            if not whole:
                warnings.append(
                    f"{self.name}: published {when}, the day is not stated; {data['issued']} "
                    "stands for it"
                )
        keywords = [*self.all(self.citation, "KeywordList/Keyword"), *self._topics()]
        if keywords:
            data["keywords"] = list(dict.fromkeys(keywords))[:_KEYWORDS_MOST]
        if self.identifiers():
            data["identifiers"] = self.identifiers()
        if self.unread():
            warnings.append(f"{self.name}: not read: {', '.join(self.unread())}")
        return data, warnings

    def unread(self) -> list[str]:
        """Names of elements with text that become neither a block nor metadata."""
        parts = [*children(self.citation), *children(self.article)]
        names = [part.tag for part in parts if "".join(part.itertext()).strip()]
        return list(dict.fromkeys(name for name in names if name not in _READ | _ADMINISTRATIVE))

    def issued(self) -> tuple[str | None, bool]:
        """When the article came out, and whether the day is known: electronic before print."""
        places = ("ArticleDate", "Journal/JournalIssue/PubDate", "ContributionDate", "Book/PubDate")
        dates = [date_of(item) for place in places for item in self.article.iterfind(place)]
        known = [(when, whole) for when, whole in dates if when]
        return min(known, key=lambda item: not item[1], default=(None, False))

    def numbers(self) -> dict[str, str]:
        """Identifiers of the article itself: ``pubmed``, ``pmc``, ``doi``, ``pii`` …"""
        found = {"pubmed": self.number} if self.number else {}
        lists = ("PubmedData/ArticleIdList", "PubmedBookData/ArticleIdList")
        for place in (*lists, "BookDocument/ArticleIdList"):
            for item in self.item.iterfind(f"{place}/ArticleId"):
                found.setdefault(item.get("IdType", ""), self.read(item))
        for item in self.article.iterfind("ELocationID"):
            if item.get("ValidYN", "Y") == "Y":
                found.setdefault(item.get("EIdType", ""), self.read(item))
        return {kind: value for kind, value in found.items() if kind and value}

    def identifiers(self) -> list[str]:
        """PMID, PMC number and DOI, then the numbers the trial is registered under."""
        numbers = self.numbers()
        found = [f"PMID {numbers['pubmed']}"] if "pubmed" in numbers else []
        found += [numbers[kind] for kind in ("pmc", "doi") if kind in numbers]
        for bank in self.article.iterfind("DataBankList/DataBank"):
            if self.read(bank.find("DataBankName")).lower() in _REGISTRIES:
                found += self.all(bank, "AccessionNumberList/AccessionNumber")
        for item in self.article.iterfind("Abstract/AbstractText"):
            found += TRIAL_NUMBER.findall(self.read(item))
        return list(dict.fromkeys(found))

    def standing(self) -> list[Standing]:
        """What PubMed knows against the article, the most serious first."""
        found: dict[str, list[str]] = {}
        for kind in self.all(self.article, "PublicationTypeList/PublicationType"):
            if kind.lower() in _TYPES:
                found.setdefault(_TYPES[kind.lower()], [])
        for item in self.citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
            flag = _REFERENCES.get(item.get("RefType", ""))
            if flag:
                found.setdefault(flag, []).append(self.related(item))
        return [
            Standing(flag, "; ".join([STANDING_WORDS[flag][False], *filter(None, found[flag])]))
            for flag in STANDING_WORDS
            if flag in found
        ]

    def related(self, item: Element) -> str:
        """Another article as ``CommentsCorrections`` names it."""
        number = self.read(item.find("PMID"))
        parts = (self.read(item.find("RefSource")), f"PMID {number}" if number else "")
        return " ".join(filter(None, (*parts, self.read(item.find("Note")))))

    def _topics(self) -> list[str]:
        """Major MeSH topics, then the others."""
        found = []
        for heading in self.citation.iterfind("MeshHeadingList/MeshHeading"):
            major = any(part.get("MajorTopicYN") == "Y" for part in children(heading))
            found.append((not major, self.read(heading.find("DescriptorName"))))
        return [name for _, name in sorted(found, key=lambda item: item[0]) if name]


def _first(element: Element, *names: str) -> Element:
    return next((found for name in names if (found := element.find(name)) is not None), element)
