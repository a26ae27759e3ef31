from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.model import Block, Table
from ingest.privacy import detectors, flag_instructions, names, screen, triggers
from ingest.privacy.folding import fold
from ingest.privacy.invisible import smuggled
from ingest.privacy.lexicon import alternatives, table, value
from ingest.privacy.rules import rarest_words, rule_file, rules
from ingest.privacy.triggers import Words, plain
from tests.ingest.privacy.people import chinese_names, mobiles, record_numbers, resident_ids
from tests.ingest.privacy.ways import DIGIT, GAP, ahead, ways

PATTERNS = [
    (entry["find"], words)
    for strength in ("clear", "faint")
    for entries in rule_file()[strength].values()
    for entry in entries
    for words in entry["needs"]
]
LISTS = [
    (section, key.removesuffix("_need"))
    for section, entries in table().items()
    for key in entries
    if key.endswith("_need")
]

ALL_WORDS = {word for _, words in PATTERNS for word in words} | {
    word for section, key in LISTS for word in table()[section][f"{key}_need"]
}


def without(found: Iterable[str], words: Iterable[str]) -> list[str]:
    """The ways in which none of the words stands, whatever stands before and after."""
    return [way for way in found if not any(word in plain(f"{GAP}{way}{GAP}") for word in words)]


# That a trigger hides no match


@pytest.mark.parametrize(("find", "words"), PATTERNS)
def test_no_rule_matches_without_its_words(find: str, words: list[str]) -> None:
    assert without(ways(find), words) == []


@pytest.mark.parametrize(("section", "key"), LISTS)
def test_no_label_matches_without_its_words(section: str, key: str) -> None:
    for pattern in table()[section][key]:
        assert without(ways(pattern), table()[section][f"{key}_need"]) == []


def test_names_before_sex_and_age_and_heads_of_records() -> None:
    introduced = ahead(names._introduced().pattern)
    assert any(without(found, names._SEXES.words) == [] for found in introduced)
    assert without(ways(names._record_head().pattern), names._RECORD_LABELS.words) == []


@pytest.mark.parametrize(
    "pattern",
    [
        detectors._RESIDENT_15,
        detectors._RESIDENT_18.pattern,
        detectors._CARD,
        value("passport", "value"),
        value("permit", "value"),
        value("medical_record", "value"),
    ],
)
def test_every_number_has_some_digits_in_a_row(pattern: str) -> None:
    run = [DIGIT * triggers.FEWEST_DIGITS]
    assert any(without(found, run) == [] for found in [ways(pattern), *ahead(pattern)])


@given(
    st.from_regex(detectors._MOBILE)
    | st.from_regex(detectors._LANDLINE)
    | st.from_regex(re.compile(detectors._SHORT_PHONE))
)
def test_every_telephone_number_may_be_one(text: str) -> None:
    assert triggers.may_hold_telephone(text)


@pytest.mark.parametrize("letter", "abcdefghijklmnopqrstuvwxyz")
def test_every_character_that_matches_a_letter_in_any_case_is_plain(letter: str) -> None:
    every = "".join(map(chr, range(0x110000)))
    for other in re.findall(letter, every, re.IGNORECASE):
        assert plain(f"x{other}x") == f" x{letter}x "


def test_what_a_pattern_takes_for_a_blank_is_a_blank() -> None:
    every = "".join(map(chr, range(0x110000)))
    blanks = "".join(re.findall(r"\s", every))
    assert plain(f"a{blanks}b") == " a b "


def test_triggers_are_written_as_the_text_they_are_looked_for_in() -> None:
    for word in ALL_WORDS:
        assert plain(f"x{word}x") == f" x{word}x ", word


def test_no_letter_of_a_trigger_but_a_to_z_has_another_case() -> None:
    lowered = {letter.lower() for letter in map(chr, range(0x110000)) if letter.lower() != letter}
    assert not [
        letter for word in ALL_WORDS for letter in word if letter > "\x7f" and letter in lowered
    ]


@pytest.mark.parametrize("strength", ["clear", "faint"])
def test_the_rarest_words_are_the_first_of_every_pattern(strength: str) -> None:
    found = set(rarest_words(strength).words)
    for entries in rule_file()[strength].values():
        for entry in entries:
            assert found.issuperset(entry["needs"][0])


@given(st.text())
def test_nothing_is_smuggled_without_an_invisible_character(text: str) -> None:
    if fold(text).origins is None:
        assert list(smuggled(text)) == []


# The proof itself


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"a(?:b|c)d?", {"ab", "abd", "ac", "acd"}),
        (r"a\s+b\s*c", {"a b c", "a bc"}),
        (r"\d{2}[0-7]", {DIGIT * 3}),
        (r"a(?:bc){2,}d", {"a\0bcbcd"}),
        (r"a.b\w*c", {"a\0bc", "a\0b\0c"}),
        (r"(?<!x)a(?=b)\bc", {"ac"}),
    ],
)
def test_ways_of_a_pattern(pattern: str, found: set[str]) -> None:
    assert ways(pattern) == found


@pytest.mark.parametrize(
    ("pattern", "word"),
    [("ab?c", "ab"), ("a(?:b|c)", "b"), (r"a\s*b", "a b"), ("a.b", "ab"), ("ab", " ab")],
)
def test_a_word_that_may_be_missing_is_noticed(pattern: str, word: str) -> None:
    assert without(ways(pattern), [word])


# That findings are the same with and without triggers


def findings(texts: list[str]) -> object:
    blocks = [Block("paragraph", text) for text in texts]
    rows = tuple((text, texts[0], text) for text in texts)
    blocks.append(Block("table", "", table=Table(rows)))
    return screen(blocks).findings, flag_instructions(blocks)[1]


def findings_without_triggers(texts: list[str]) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "stand_in", lambda self, text: True)
        patch.setattr(triggers, "may_hold_number", lambda text: True)
        patch.setattr(triggers, "may_hold_telephone", lambda text: True)
        return findings(texts)


def label_patterns() -> Iterator[st.SearchStrategy[str]]:
    for section, key in LISTS:
        pattern = re.compile(alternatives(section, key), re.IGNORECASE)
        yield st.from_regex(pattern, fullmatch=True)


def rule_patterns() -> Iterator[st.SearchStrategy[str]]:
    for strength in ("clear", "faint"):
        for rule in rules(strength):
            yield st.from_regex(rule.find)


values = st.one_of(
    chinese_names(),
    mobiles,
    record_numbers,
    resident_ids(),
    st.sampled_from(["John Smith", "E12345678", "(010) 62345678", "+1 800 555 0199", "男，65岁"]),
    st.sampled_from(["广州市天河区某路12号3栋501室", "12 Green Street", "4111111111111111"]),
    st.sampled_from(["DOB: 1970-01-01", "wang@example.org", "400 123 456", "13912345678"]),
)
glue = st.sampled_from(["", " ", "：", ": ", " | ", "\n", "。", "，", "\u00a0", "\u200b"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.one_of(*label_patterns(), values, st.text(max_size=9)), glue, values, glue
        ).map("".join),
        min_size=1,
        max_size=4,
    )
)
def test_triggers_hide_no_personal_data(texts: list[str]) -> None:
    assert findings(texts) == findings_without_triggers(texts)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.one_of(*rule_patterns(), st.text(max_size=9)), min_size=1, max_size=2).map(
            " ".join
        ),
        min_size=1,
        max_size=2,
    )
)
def test_triggers_hide_no_instructions(texts: list[str]) -> None:
    assert findings(texts) == findings_without_triggers(texts)
