"""Records in this file are made up; nobody wrote or ran these articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.pubmed import load, members
from ingest.model import Block
from ingest.structure.pubmeddates import date_of, first_day

DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
JOURNAL = """<Journal><JournalIssue CitedMedium="Internet"><Volume>75</Volume><Issue>2</Issue>
<PubDate><Year>2018</Year><Month>Feb</Month></PubDate></JournalIssue>
<Title>Journal of made-up trials</Title></Journal>"""
TITLE = "<ArticleTitle>A made-up trial of drug A.</ArticleTitle>"
ABSTRACT = """<Abstract>
<AbstractText Label="METHODS" NlmCategory="METHODS">We gave 10<sup>9</sup> cells to 40 adults.
</AbstractText><AbstractText Label="RESULTS">Pain fell (p&lt;0.05, TSH 0.4-<u>&lt;</u>4.5).
</AbstractText></Abstract>"""


def record(
    article: str = JOURNAL + TITLE + ABSTRACT, rest: str = "", data: str = "", number: str = "11"
) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}'
        f'</PMID><Article PubModel="Print">{article}</Article>{rest}</MedlineCitation>'
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def source(*records: str) -> Source:
    text = f'<?xml version="1.0" ?>\n{DOCTYPE}\n<PubmedArticleSet>{"".join(records)}'
    return Source("a.xml", f"{text}</PubmedArticleSet>".encode())


def read(article: str = JOURNAL + TITLE + ABSTRACT, rest: str = "", data: str = "") -> Loaded:
    return load(source(record(article, rest, data)))


def own(loaded: Loaded) -> list[tuple[str, str]]:
    """The blocks that are the article's own words."""
    return [(b.kind, b.text) for b in loaded.blocks if "supplied" not in b.flags]


def supplied(loaded: Loaded) -> list[str]:
    return [b.text for b in loaded.blocks if "supplied" in b.flags]


def test_title_and_abstract_in_sections() -> None:
    loaded = read()
    assert own(loaded) == [
        ("heading", "A made-up trial of drug A."),
        ("heading", "METHODS"),
        ("paragraph", "We gave 10⁹ cells to 40 adults."),
        ("heading", "RESULTS"),
        ("paragraph", "Pain fell (p<0.05, TSH 0.4-≤4.5)."),
    ]
    assert [b.level for b in loaded.blocks if b.kind == "heading"] == [1, 2, 3, 3]
    last = loaded.blocks[-1]
    assert last.locator.section == "RESULTS"
    assert (
        last.locator.path
        == "/PubmedArticleSet/PubmedArticle[1]/MedlineCitation/Article/Abstract/AbstractText[2]"
    )


def test_marks_never_run_into_numbers() -> None:
    abstract = (
        "<AbstractText>14.2<sup>1,2</sup> months; 10<sup>-3.5</sup>; 0.5<sup>#</sup></AbstractText>"
    )
    loaded = read(f"{JOURNAL}{TITLE}<Abstract>{abstract}</Abstract>")
    assert own(loaded)[-1] == ("paragraph", "14.2[1,2] months; 10^(-3.5); 0.5#")


def test_locators_point_at_the_element_in_the_whole_file() -> None:
    whole = source(record(), record(number="12"))
    tree = etree.fromstring(whole.data)
    for _, loaded in members(whole):
        assert isinstance(loaded, Loaded)
        for block in loaded.blocks:
            assert len(tree.xpath(block.locator.path)) == 1


def test_metadata() -> None:
    loaded = read(
        JOURNAL + TITLE + ABSTRACT.replace("40 adults", "40 adults (NCT00000001)")
        + """<ELocationID EIdType="doi" ValidYN="Y">10.1/x</ELocationID><DataBankList><DataBank>
        <DataBankName>ChiCTR</DataBankName><AccessionNumberList><AccessionNumber>ChiCTR2000000001
        </AccessionNumber></AccessionNumberList></DataBank><DataBank><DataBankName>GENBANK
        </DataBankName><AccessionNumberList><AccessionNumber>AB000001</AccessionNumber>
        </AccessionNumberList></DataBank></DataBankList>
        <ArticleDate DateType="Electronic"><Year>2017</Year><Month>08</Month><Day>03</Day>
        </ArticleDate>""",
        """<MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN="N">Adult</DescriptorName>
        </MeshHeading><MeshHeading><DescriptorName MajorTopicYN="N">Pain</DescriptorName>
        <QualifierName MajorTopicYN="Y">drug therapy</QualifierName></MeshHeading>
        </MeshHeadingList><KeywordList Owner="NOTNLM"><Keyword>dose</Keyword></KeywordList>""",
        """<ArticleIdList><ArticleId IdType="pubmed">11</ArticleId><ArticleId IdType="pmc">PMC22
        </ArticleId></ArticleIdList>""",
    )  # fmt: skip
    assert loaded.title == "A made-up trial of drug A"
    assert loaded.metadata == {
        "kind": "paper",
        "title": "A made-up trial of drug A",
        "title_en": "A made-up trial of drug A",
        "language": "en",
        "issuer": "Journal of made-up trials",
        "issued": "2017-08-03",
        "keywords": ["dose", "Pain", "Adult"],
        "identifiers": ["PMID 11", "PMC22", "10.1/x", "ChiCTR2000000001", "NCT00000001"],
    }
    assert not loaded.warnings
    assert "MeSH: Adult; Pain/drug therapy" in supplied(loaded)
    assert "GENBANK: AB000001" in supplied(loaded)


def test_what_a_reader_cites_by_stands_on_one_line() -> None:
    loaded = read(
        JOURNAL + TITLE + "<Pagination><MedlinePgn>79-89</MedlinePgn></Pagination>" + ABSTRACT
        + """<Language>chi</Language><PublicationTypeList><PublicationType UI="D016449">Randomized
        Controlled Trial</PublicationType></PublicationTypeList>""",
        """<DateRevised><Year>2019</Year><Month>01</Month><Day>02</Day></DateRevised>""",
    )  # fmt: skip
    assert (
        "Journal of made-up trials; 75(2):79-89; published 2018-02; language chi; "
        "Randomized Controlled Trial; PMID 11; record revised 2019-01-02"
    ) in supplied(loaded)
    assert loaded.metadata["issued"] == "2018-02-01"
    assert "PMID 11: published 2018-02, the day is not stated; 2018-02-01 stands for it" in (
        loaded.warnings
    )


def test_people_are_named_and_groups_too() -> None:
    loaded = read(
        JOURNAL + TITLE + ABSTRACT
        + """<AuthorList><Author><LastName>Li</LastName><ForeName>Mei</ForeName><AffiliationInfo>
        <Affiliation>A made-up hospital.</Affiliation></AffiliationInfo></Author>
        <Author><LastName>Wu</LastName><Initials>T</Initials></Author>
        <Author><CollectiveName>Made-up Group</CollectiveName></Author></AuthorList>"""
    )  # fmt: skip
    assert ("paragraph", "Mei Li, T Wu, Made-up Group") in own(loaded)
    assert ("paragraph", "A made-up hospital.") in own(loaded)


def test_an_article_in_chinese_has_two_titles_and_two_abstracts() -> None:
    loaded = read(
        JOURNAL + "<ArticleTitle>[A made-up trial].</ArticleTitle>" + ABSTRACT
        + "<VernacularTitle>一项虚构的试验。</VernacularTitle>",
        """<OtherAbstract Type="Publisher" Language="chi"><AbstractText Label="目的">虚构。
        </AbstractText></OtherAbstract>""",
    )  # fmt: skip
    assert loaded.metadata["title"] == "一项虚构的试验"
    assert loaded.metadata["title_en"] == "A made-up trial"
    texts = [block.text for block in loaded.blocks]
    assert texts[:2] == ["一项虚构的试验。", "[A made-up trial]."]
    assert texts[-3:] == ["摘要", "目的", "虚构。"]


@pytest.mark.parametrize(
    ("types", "reference", "flag", "words"),
    [
        ("Retracted Publication", "", "retracted", "has been retracted"),
        ("", "RetractionIn", "retracted", "has been retracted; J Test. 2019;1:2 PMID 99"),
        ("", "ExpressionOfConcernIn", "concern", "voiced concern"),
        ("", "ErratumIn", "corrected", "a correction of this article"),
        ("Retraction of Publication", "RetractionOf", "retraction_notice", "retracts another"),
        ("Published Erratum", "ErratumFor", "correction_notice", "corrects another"),
    ],
)
def test_standing_flags_every_block_and_says_so_first(
    types: str, reference: str, flag: str, words: str
) -> None:
    kinds = f"<PublicationTypeList><PublicationType>{types}</PublicationType></PublicationTypeList>"
    related = (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{reference}"><RefSource>J Test. '
        "2019;1:2</RefSource><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )
    loaded = read(
        JOURNAL + TITLE + ABSTRACT + (kinds if types else ""), related if reference else ""
    )
    assert words in loaded.blocks[0].text
    assert all(flag in block.flags for block in loaded.blocks)
    assert any(words in warning for warning in loaded.warnings)


def test_a_cited_retraction_is_not_the_article_s() -> None:
    related = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="Cites"><RefSource>RETRACTED: J '
        "Test. 2019</RefSource></CommentsCorrections></CommentsCorrectionsList>"
    )
    loaded = read(rest=related)
    assert not any("retracted" in block.flags for block in loaded.blocks)
    assert loaded.blocks[-1].flags == ("reference",)


def test_references_are_listed_once() -> None:
    cites = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="Cites"><RefSource>J Test. 2019'
        "</RefSource><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )
    listed = (
        "<ReferenceList><Reference><Citation>J Test. 2019</Citation><ArticleIdList><ArticleId "
        'IdType="pubmed">99</ArticleId></ArticleIdList></Reference></ReferenceList>'
    )
    loaded = read(rest=cites, data=listed)
    assert [b.text for b in loaded.blocks if "reference" in b.flags] == ["J Test. 2019 PMID 99"]


def test_statements() -> None:
    loaded = read(
        JOURNAL + TITLE + ABSTRACT
        + """<GrantList><Grant><GrantID>X 1</GrantID><Agency>Made-up Fund</Agency></Grant>
        </GrantList>""",
        """<CoiStatement>None of us exists.</CoiStatement><CommentsCorrectionsList>
        <CommentsCorrections RefType="UpdateIn"><RefSource>J Test. 2020</RefSource>
        </CommentsCorrections></CommentsCorrectionsList>""",
    )  # fmt: skip
    assert ("paragraph", "None of us exists.") in own(loaded)
    assert {"Funding", "X 1, Made-up Fund", "Updated version in: J Test. 2020"} <= set(
        supplied(loaded)
    )


def test_a_record_without_abstract_says_so() -> None:
    loaded = read(JOURNAL + TITLE)
    assert "PMID 11: PubMed has a title and no text of it" in loaded.warnings


def test_what_is_not_read_is_named() -> None:
    people = "<PersonalNameSubjectList><PersonalNameSubject><LastName>Nobody</LastName>"
    loaded = read(rest=f"{people}</PersonalNameSubject></PersonalNameSubjectList>")
    assert "PMID 11: not read: PersonalNameSubjectList" in loaded.warnings


def test_a_book_chapter() -> None:
    chapter = """<PubmedBookArticle><BookDocument><PMID>12</PMID><Book><Publisher><PublisherName>
    Made-up Press</PublisherName></Publisher><BookTitle>Made-up Reviews</BookTitle><PubDate><Year>
    1993</Year></PubDate></Book><ArticleTitle>A disease</ArticleTitle><Abstract><AbstractText>
    Rare.</AbstractText></Abstract><Sections><Section><SectionTitle>Diagnosis</SectionTitle>
    </Section></Sections></BookDocument></PubmedBookArticle>"""
    loaded = load(source(chapter))
    assert loaded.title == "A disease"
    assert loaded.metadata["issuer"] == "Made-up Reviews"
    assert ("paragraph", "Rare.") in own(loaded)
    assert ("heading", "Diagnosis") in own(loaded)


def test_several_records_are_members_and_one_document() -> None:
    retracted = record(
        JOURNAL + TITLE + "<PublicationTypeList><PublicationType>Retracted Publication"
        "</PublicationType></PublicationTypeList>",
        number="12",
    )
    whole = source(record(), retracted)
    assert [number for number, _ in members(whole)] == ["11", "12"]
    loaded = load(whole)
    assert loaded.title == "A made-up trial of drug A"
    assert "2 records" in loaded.warnings[0]
    flagged = ["retracted" in block.flags for block in loaded.blocks]
    assert not flagged[0]
    assert flagged[-1]


def test_a_broken_record_is_refused_and_costs_no_other() -> None:
    # A parser that mends would read "p < 0.05" as "p 0.05".
    broken = record(number="12").replace("p&lt;0.05", "p < 0.05")
    whole = source(broken, record())
    found = list(members(whole))
    assert isinstance(found[0][1], BadInput)
    assert found[1][0] == "11"
    assert any("left out: line 3" in warning for warning in load(whole).warnings)
    with pytest.raises(BadInput, match="not well-formed"):
        load(source(broken))


def test_remarks_on_many_records_are_not_all_listed() -> None:
    whole = source(*(record(JOURNAL + TITLE, number=str(number)) for number in range(1, 40)))
    warnings = load(whole).warnings
    assert len(warnings) == 22
    assert warnings[-1] == "and 58 more remarks on records"


def test_a_file_that_breaks_off() -> None:
    whole = source(record(), record(number="12"))
    cut = Source("a.xml", whole.data[:-60])
    assert any("breaks off" in warning for warning in load(cut).warnings)


@pytest.mark.parametrize("text", ["<PubmedArticleSet/>", "<html><p>Sign in</p></html>", "no XML"])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no record of PubMed"):
        load(Source("a.xml", text.encode()))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    text = f"{bomb}<PubmedArticleSet>{record(TITLE.replace('drug A', '&e;'))}</PubmedArticleSet>"
    with pytest.raises(BadInput, match="not well-formed"):
        load(Source("a.xml", text.encode()))


@pytest.mark.parametrize(
    ("xml", "when"),
    [
        ("<Year>2018</Year><Month>06</Month><Day>28</Day>", ("2018-06-28", True)),
        ("<Year>2018</Year><Month>Apr</Month>", ("2018-04", False)),
        ("<Year>2018</Year><Month>Feb</Month><Day>30</Day>", ("2018-02", False)),
        ("<Year>2018</Year><Season>Spring</Season>", ("2018", False)),
        ("<MedlineDate>2018 Nov-Dec</MedlineDate>", ("2018-11", False)),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", ("1998-12", False)),
        ("<MedlineDate>Winter</MedlineDate>", (None, False)),
    ],
)
def test_dates(xml: str, when: tuple[str | None, bool]) -> None:
    assert date_of(etree.fromstring(f"<PubDate>{xml}</PubDate>")) == when


def test_first_day() -> None:
    assert [first_day(when) for when in ("2018", "2018-04", "2018-04-05")] == [
        "2018-01-01",
        "2018-04-01",
        "2018-04-05",
    ]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(WORDS)
def test_every_word_of_an_abstract_is_read(words: str) -> None:
    element = etree.Element("AbstractText")
    element.text = words
    text = etree.tostring(element, encoding="unicode")
    loaded = read(JOURNAL + TITLE + f"<Abstract>{text}</Abstract>")
    found: Block = loaded.blocks[-1]
    assert "".join(found.text.split()) == words


@given(st.data())
def test_damage_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(source(record(), record(number="12")).data)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(whole) - 1))
        whole[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=5))
    try:
        loaded = load(Source("a.xml", bytes(whole)))
    except BadInput as error:
        assert "\n" not in str(error)
    else:
        assert loaded.blocks or loaded.warnings
