from __future__ import annotations

import pytest

from ingest.encoding import decode

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
