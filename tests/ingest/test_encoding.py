from __future__ import annotations

import time

import pytest

from ingest.encoding import decode, decode_as

SIMPLIFIED = "第一条 为了加强药品管理，保证药品质量，保障公众用药安全和合法权益，制定本法。\n"
TRADITIONAL = "第一條 為維護受試者權益，確保臨床試驗品質，特依藥事法規定訂定本準則。\n"
SHORT = "姓名,年龄\n张三,12\n"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, SHORT])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, SHORT])
def test_gb18030(text: str) -> None:
    decoded, encoding, _ = decode(text.encode("gb18030"))
    assert (decoded, encoding) == (text, "gb18030")


def test_big5_is_a_guess() -> None:
    decoded, encoding, warning = decode(TRADITIONAL.encode("big5"))
    assert (decoded, encoding) == (TRADITIONAL, "big5hkscs")
    assert warning is not None and "guessed" in warning


@pytest.mark.parametrize("text", ["café naïve résumé, señor", "Müller 5 µg/mL ± 2"])
def test_western_text_is_not_read_as_chinese(text: str) -> None:
    decoded, encoding, warning = decode(text.encode("cp1252"))
    assert (decoded, encoding) == (text, "cp1252")
    assert warning is not None and "UTF-8" in warning


def test_a_clear_case_gives_no_warning() -> None:
    assert decode(SIMPLIFIED.encode("utf-8"))[2] is None
    assert decode(SIMPLIFIED.encode("gb18030"))[2] is None


def test_a_file_cut_inside_a_character_stays_utf8() -> None:
    text, encoding, warning = decode((SIMPLIFIED * 20).encode("utf-8")[:-5])
    assert encoding == "utf-8"
    assert text.startswith(SIMPLIFIED)
    assert warning is not None and "1 byte" in warning


def test_anything_decodes() -> None:
    text, _, warning = decode(bytes(range(1, 256)))
    assert len(text) == 255
    assert warning is not None


def test_empty() -> None:
    assert decode(b"") == ("", "utf-8", None)


@pytest.mark.parametrize(
    "text",
    [
        "The dose is 5 µg/kg once daily, in total 40 µL by infusion.",
        "Store at 25°C or below; blood was kept at 37°C.",
        "TSH;µIU/mL;4.2\nFerritin;µg/L;300\n",
        "Temp,°C\n",
        "Mean 5.2±0.3 µg; mean±SD; ±SD",
        "5\xa0µg à 10\xa0°C",
        "kg·m², 3 × 10³, 2½, 25 ºC",
        "ÄRZTE, créée, “É”, Crohn’s",
        "© 2020 Foo®, § 5, £5 and €6",
        "in the investigator´s opinion",
        "¹Department of Medicine",
        "above 38°Celsius",
    ],
)
def test_signs_of_western_files_stay_what_they_are(text: str) -> None:
    decoded, encoding, warning = decode(text.encode("cp1252"))
    assert (decoded, encoding) == (text, "cp1252")
    assert warning is not None and "UTF-8" in warning


@pytest.mark.parametrize(
    "text", ["男", "姓名,年齡\n男,12\n女,13\n", "Sex,Age\n男,12\n女,13\n", "Hb 值", "劑量 5 mg"]
)
def test_few_characters_of_big5(text: str) -> None:
    assert decode(text.encode("big5"))[:2] == (text, "big5hkscs")


@pytest.mark.parametrize(
    "text", ["男", "Sex,Age\n男,12\n女,13\n", "剂量 5 mg", "5 μg 和 10 ℃", "p组,r组"]
)
def test_few_characters_of_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030"))[:2] == (text, "gb18030")


@pytest.mark.parametrize(
    ("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs")]
)
def test_a_damaged_byte_costs_no_more_than_its_character(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    for at in range(0, len(data) - 2):
        decoded, found, warning = decode(data[:at] + b"\xff" + data[at:])
        assert found == encoding
        assert warning is not None and "replaced" in warning
        assert sum(character in decoded for character in text) >= len(text) - 3


def test_a_file_cut_inside_a_character_keeps_its_encoding() -> None:
    for text, encoding in ((SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs")):
        decoded, found, warning = decode(text.strip().encode(encoding)[:-1])
        assert (decoded[:-1], found) == (text.strip()[:-1], encoding)
        assert warning is not None and "1 byte sequences" in warning
    assert decode(SIMPLIFIED.encode("utf-16-le")[:-1])[1] == "utf-16-le"


def test_the_old_mark_of_the_end_of_a_file_says_nothing() -> None:
    assert decode(SIMPLIFIED.encode("gb18030") + b"\x1a")[1] == "gb18030"


def test_one_byte_of_windows_in_a_text_of_utf8() -> None:
    text, encoding, warning = decode("5 µg and ".encode() + b"\xb5g more")
    assert (text, encoding) == ("5 µg and µg more", "utf-8")
    assert warning is not None and "Windows-1252" in warning


def test_what_is_broken_throughout_is_not_read_as_it_says() -> None:
    assert decode_as(SIMPLIFIED.encode("gb18030"), "utf-8") is None
    assert decode_as(SIMPLIFIED.encode("gb18030"), "gb18030") == (SIMPLIFIED, None)
    with pytest.raises(LookupError):
        decode_as(b"x", "no-such-encoding")


def test_damage_takes_no_time() -> None:
    start = time.perf_counter()
    decode(b"\xff\xb5" * 200_000)
    decode(("受试者" * 9).encode("gb18030") * 2_000 + b"\xc4\xff" * 900)
    assert time.perf_counter() - start < 10
