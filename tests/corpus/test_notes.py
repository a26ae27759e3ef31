"""What ships in ``corpus/`` is well formed, and full-text notes say what the cited article says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from assistant.verification import quantities
from eval.corpus import chains, claims, form
from eval.corpus.check import coverage, gaps
from eval.corpus.form import SLUG
from eval.corpus.notes import CORPUS, Note, note_files, read_note
from ingest.numerals import chinese_to_int

NOTES = note_files()
IDS = [f"{path.parent.name}/{path.stem}" for path in NOTES]
load = cache(read_note)


@pytest.fixture(params=NOTES, ids=IDS)
def note(request: pytest.FixtureRequest) -> Note:
    return load(request.param)


# --- form -----------------------------------------------------------------------------------


def test_the_form_of_a_note(note: Note) -> None:
    assert form.faults(note) == []


def test_versions_and_links_lead_somewhere() -> None:
    assert chains.faults([load(path) for path in NOTES]) == []


def test_no_two_notes_say_the_same_with_other_numbers() -> None:
    assert claims.open_conflicts([load(path) for path in NOTES]) == []


def test_every_topic_is_covered() -> None:
    assert list(gaps(coverage([load(path) for path in NOTES]))) == []


def test_numbers_of_the_summary_stand_in_the_note(note: Note) -> None:
    body = {number for number, _ in quantities(plain(note.body))}
    summary = {number for number, _ in quantities(own_counts_removed(plain(note.meta["summary"])))}
    assert summary <= body


# --- facts: cited articles exist and hold the numbers ---------------------------------------

_NUMERAL = "零一二三四五六七八九十百"
_ARTICLE_START = re.compile(rf"^[ \t\u3000*#]*第([{_NUMERAL}]+)条(?![、，和至第规的])", re.M)
_TITLE = re.compile(r"^#\s+(.+)$", re.M)
_CITED = re.compile(rf"《([^》]+)》|(器械GCP)|第([{_NUMERAL}]+)条")
_RANGE = re.compile(rf"第([{_NUMERAL}]+)条至第([{_NUMERAL}]+)条")
_GUIDELINE = re.compile(r"(?<=《)[^》]+|2018年第6号指导原则")
_ALIASES = {
    "器械GCP": "医疗器械临床试验质量管理规范",
    "2018年第6号指导原则": "医疗器械临床试验设计指导原则",
}
# How many things a note lists is the note's own count, not a number of the law.
_OWN_COUNT = re.compile(
    r"(?:\d+|[一二两三四五六七八九十]+)个?(?:种|类|项|档|组|方面|方|件事|情形|部分|前提|主体(?!时))"
    r"|以下(?:\d+|[一二两三四五六七八九十]+)个"
)
_BRACKETED_SOURCE = re.compile(r"（[^（）]*(?:（[^（）]*）[^（）]*)*(?:条|号|通告|公告)）")
_NOT_A_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
_LONGEST_COMMON_RUN = 20
_WAN = re.compile(r"(\d+)\s*万")
_PERCENT = re.compile(rf"百分之([{_NUMERAL}]+)")


def plain(text: str) -> str:
    """Amounts in one form: 50万元 and 五十万元 are 500000元, 百分之十 is 10%."""
    text = _PERCENT.sub(lambda m: f"{chinese_to_int(m[1])}%", text)
    return _WAN.sub(lambda m: str(int(m[1]) * 10_000), text)


def own_counts_removed(text: str) -> str:
    return _OWN_COUNT.sub("", text)


@dataclass(frozen=True)
class Law:
    """A text of the reference folder by its articles."""

    name: str
    text: str
    articles: dict[str, str]
    year: int = 0

    @property
    def counts_working_days(self) -> bool:
        return re.search(r"(?:时限|期限)以工作日计算", self.text) is not None


def read_law(path: Path) -> Law:
    text = path.read_text(encoding="utf-8")
    title = _TITLE.search(text)
    starts = [*_ARTICLE_START.finditer(text)]
    ends = [m.start() for m in starts[1:]] + [len(text)]
    articles: dict[str, str] = {}
    for match, end in zip(starts, ends, strict=False):
        articles.setdefault(match[1], text[match.start() : end])
    year = re.search(r"[(](\d{4})-", path.stem)
    name = bare(title[1] if title else path.stem)
    return Law(name, text, articles, int(year[1]) if year else 0)


def bare(title: str) -> str:
    return re.sub(r"^中华人民共和国|[（(][^（）()]*[)）]|\s", "", title)


@pytest.fixture(scope="session")
def laws(shared: Path) -> dict[str, Law]:
    """Reference texts by name; of several versions the newest, which its folder or date tells."""
    folder = shared / "reference"
    if not folder.is_dir():
        pytest.skip("the reference texts are not here")
    found: dict[str, Law] = {}
    for part in ("guidance", "laws", "laws_2026"):
        for path in sorted((folder / part).glob("*.md")):
            law = read_law(path)
            found[law.name] = law
    return found


def citations(sentence: str) -> list[tuple[str, str]]:
    """Law and article of every citation of a sentence; a bare 第N条 is of the law named last."""
    law, cited = "", []
    for title, alias, article in _CITED.findall(sentence):
        if title or alias:
            law = bare(_ALIASES.get(alias or title, alias or title))
        elif law:
            cited.append((law, article))
    return cited


def statement(sentence: str) -> str:
    """A sentence without its citations."""
    text = _BRACKETED_SOURCE.sub("", sentence)
    return re.sub(rf"《[^》]+》(?:\d{{4}}年)?|第[{_NUMERAL}]+条|\d{{4}}年第\d+号", "", text)


def offered(laws: dict[str, Law], cited: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Quantities of the cited articles."""
    numbers: set[tuple[str, str]] = set()
    for law, article in cited:
        numbers |= quantities(plain(laws[law].articles[article]))
        if laws[law].counts_working_days:
            numbers |= {(n, "工作日") for n, unit in numbers if unit == "日"}
    return numbers


def full_text_sentences() -> list[tuple[str, str]]:
    return [
        (note.path.stem, sentence)
        for note in map(load, NOTES)
        if note.meta["verified"] == "full_text"
        for sentence in note.chinese
    ]


@pytest.mark.shared
def test_articles_cited_by_full_text_notes_exist(laws: dict[str, Law]) -> None:
    missing = [
        (slug, law, article)
        for slug, sentence in full_text_sentences()
        for law, article in citations(sentence)
        if article not in laws.get(law, Law(law, "", {})).articles
    ]
    assert missing == []


@pytest.mark.shared
def test_articles_of_the_source_line_exist(laws: dict[str, Law]) -> None:
    """For every note: the articles listed under ``source``, where that version is here."""
    missing = []
    for note in map(load, NOTES):
        for source in note.meta["source"].split("；"):
            year = max(map(int, re.findall(r"(\d{4})年", source)), default=0)
            missing += [
                (note.path.stem, law, article)
                for law, article in citations(_RANGE.sub(r"第\1条、第\2条", source))
                if law in laws and laws[law].articles and year <= (laws[law].year or year)
                if article not in laws[law].articles
            ]
    assert missing == []


@pytest.mark.shared
def test_numbers_of_full_text_notes_stand_in_the_cited_article(laws: dict[str, Law]) -> None:
    checked, wrong = 0, []
    for slug, sentence in full_text_sentences():
        cited = citations(sentence)
        if not cited:
            continue
        stated = quantities(own_counts_removed(plain(statement(sentence))))
        known = offered(laws, cited)
        checked += bool(stated)
        extra = {
            (number, unit)
            for number, unit in stated - known
            if unit or number not in {n for n, _ in known}
        }
        if extra:
            wrong.append((slug, sentence, sorted(extra)))
    assert wrong == []
    assert checked >= 40


@pytest.mark.slow
@pytest.mark.shared
def test_numbers_of_full_text_notes_stand_in_the_cited_guideline(laws: dict[str, Law]) -> None:
    """Guidelines have no articles: the number must stand somewhere in the guideline."""
    checked, wrong = 0, []
    for slug, sentence in full_text_sentences():
        named = [bare(_ALIASES.get(t, t)) for t in _GUIDELINE.findall(sentence)]
        texts = [laws[name].text for name in named if name in laws]
        about_the_note = re.match(r"本[条篇]", sentence)
        if not texts or citations(sentence) or about_the_note:
            continue
        stated = quantities(own_counts_removed(plain(statement(sentence))))
        known = {number for text in texts for number, _ in quantities(plain(text))}
        checked += bool(stated)
        if extra := {number for number, _ in stated} - known:
            wrong.append((slug, sentence, sorted(extra)))
    assert wrong == []
    assert checked >= 10


@pytest.mark.shared
def test_every_full_text_note_rests_on_texts_that_are_here(laws: dict[str, Law]) -> None:
    for note in map(load, NOTES):
        if note.meta["verified"] == "full_text":
            named = [bare(t) for t in re.findall(r"《([^》]+)》", note.meta["source"])]
            assert [n for n in named if n not in laws and not n.startswith("关于实施")] == []


@pytest.mark.shared
def test_notes_are_in_our_own_words(laws: dict[str, Law]) -> None:
    """No run of more than 20 characters is the same as in a source; titles apart."""
    length = _LONGEST_COMMON_RUN + 1
    runs: dict[str, str] = {}
    for note in map(load, NOTES):
        for piece in re.split(r"《[^》]*》|\n", note.body):
            words = _NOT_A_WORD.sub("", piece)
            for start in range(len(words) - length + 1):
                runs[words[start : start + length]] = note.path.stem
    copied = set()
    for law in laws.values():
        words = _NOT_A_WORD.sub("", law.text)
        for start in range(len(words) - length + 1):
            if (run := words[start : start + length]) in runs:
                copied.add((runs[run], run))
    assert copied == set()


# --- tables ---------------------------------------------------------------------------------


def table(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows), "uneven rows"
    return rows


def doubled(values: list[str]) -> list[str]:
    return [v for v, n in Counter(v.casefold() for v in values).items() if n > 1]


def test_lexicon() -> None:
    rows = table("lexicon.csv")
    assert list(rows[0]) == [
        "id",
        "zh",
        "en",
        "abbreviations",
        "synonyms_zh",
        "synonyms_en",
        "domain",
        "source",
    ]
    for row in rows:
        assert SLUG.fullmatch(row["id"]), row
        assert row["zh"].strip(), row
        assert row["en"].strip(), row
        assert re.fullmatch(r"[a-z]+(?:_[a-z]+)*", row["domain"]), row
        names = [n for key in list(row)[1:6] for n in row[key].split("|") if n]
        assert doubled(names) == [], row["id"]
        assert all(name == name.strip() for name in names), row["id"]
    for column in ("id", "zh", "en"):
        assert doubled([row[column] for row in rows]) == [], column


def test_colloquial() -> None:
    rows = table("colloquial.csv")
    assert list(rows[0]) == ["spoken", "formal"]
    assert doubled([row["spoken"] for row in rows]) == []
    for row in rows:
        formal = row["formal"].split("|")
        assert row["spoken"].strip()
        assert all(word.strip() == word and word for word in formal), row
        assert doubled(formal) == []


def test_trials() -> None:
    rows = table("trials.csv")
    assert list(rows[0]) == ["acronym", "registry_id", "note"]
    assert doubled([row["acronym"] for row in rows]) == []
    assert doubled([row["registry_id"] for row in rows]) == []
    for row in rows:
        assert re.fullmatch(r"NCT\d{8}|ChiCTR\d{10}|ISRCTN\d{8}", row["registry_id"]), row
        assert row["acronym"].strip(), row
        assert row["note"].strip(), row


def test_currency() -> None:
    rows = table("currency.csv")
    assert list(rows[0]) == [
        "title",
        "version_date",
        "relation",
        "by_title",
        "by_document_number",
        "effective",
        "scope",
        "source",
        "verified",
    ]
    for row in rows:
        for key in ("title", "by_title", "scope", "source"):
            assert row[key].strip(), row
        assert row["verified"] in {"full_text", "secondary"}, row
