"""What a person can do with the chat page in a real browser.

``live_server`` is the base URL of a running API over an index of the notes in ``corpus/``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.web.browser import (
    QUESTION,
    QUOTE,
    Page,
    close_drawer,
    console_errors,
    requested_hosts,
    upload_files,
)


@pytest.mark.browser
def test_citation_opens_the_source_at_the_quote(page: Page) -> None:
    page.ask(QUESTION)
    assert page.all(".turn .statement")
    page.shows(".answer__head", "已核验")
    button = page.cite_with_quote()
    assert str(page.attribute(button, "aria-label")).startswith("引用")
    page.click(button)
    page.wait(lambda: QUOTE.search(re.sub(r"\s", "", page.marked())), "the marked quote")
    inside = (
        "const place = (selector) => document.querySelector(selector).getBoundingClientRect();"
        "const mark = place('#source-pane mark'), body = place('.source__body');"
        "return mark.top >= body.top && mark.top <= body.bottom;"
    )
    page.wait(lambda: page.driver.execute_script(inside), "the mark to be scrolled into view")
    page.expect(lambda: page.attribute(button, "aria-expanded"), "true")
    assert console_errors(page) == []
    assert requested_hosts(page) == {urlsplit(page.base).netloc}


@pytest.mark.browser
def test_keyboard_alone_is_enough(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.expect(page.focused, "question")
    page.press("第一行", Keys.SHIFT + Keys.ENTER, Keys.NULL)
    assert page.all(".turn") == [], "Shift+Enter only breaks the line"
    page.press(Keys.CONTROL + "a", Keys.NULL)
    page.press(QUESTION, Keys.ENTER)
    page.wait(lambda: page.all(".turn .statement .cite"), "a citation")
    assert page.focused() == "question", "ready for the next question"
    for _ in range(40):
        page.press(Keys.SHIFT + Keys.TAB, Keys.NULL)
        if "cite" in page.focused("class").split():
            break
    opener = page.focused("data-cite")
    assert opener, "a citation is reached with Tab"
    page.press(Keys.ENTER)
    page.one("#source-pane .source__body [data-block], #source-pane .page-image")
    page.expect(page.focused, "source-title")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.texts("#source-pane"), "the pane to close")
    page.expect(lambda: page.focused("data-cite"), opener)


@pytest.mark.browser
def test_language_toggle_is_kept(page: Page) -> None:
    root = "return document.documentElement.lang"
    assert page.driver.execute_script(root) == "zh-CN"
    page.ask(QUESTION)
    page.click("#tool-language")
    assert page.driver.execute_script(root) == "en"
    assert page.text(".answer__head").startswith(("Verified", "Partly", "Calculated"))
    assert page.focused() == "tool-language"
    page.driver.refresh()
    page.expect(lambda: page.driver.execute_script(root), "en")
    page.shows(".composer__action", "Ask")
    page.click("#tool-language")
    assert page.driver.execute_script(root) == "zh-CN"


@pytest.mark.browser
def test_markup_in_a_question_is_shown_as_text(page: Page) -> None:
    probe = "<img src=x onerror=alert(1)>"
    page.ask(probe)
    assert page.text(".turn__question .turn__words") == probe
    assert page.all("#thread img") == []
    page.ask(QUESTION)
    assert len(page.all(".turn")) == 2, "a second question joins the same thread"


@pytest.mark.browser
def test_narrow_screens_get_a_sheet(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open(width=390, height=844)
    page.ask(QUESTION)
    page.click(page.cite_with_quote())
    page.wait(lambda: QUOTE.search(re.sub(r"\s", "", page.marked())), "the marked quote")
    pane = page.one("#source-pane")
    assert pane.get_attribute("aria-modal") == "true"
    assert pane.rect["width"] == 390
    assert page.driver.find_element("id", "chat").get_property("inert")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not pane.is_displayed(), "the sheet to close")
    assert not page.driver.find_element("id", "chat").get_property("inert")
    overflow = "return document.documentElement.scrollWidth > innerWidth"
    assert not page.driver.execute_script(overflow), "nothing scrolls sideways"


@pytest.mark.browser
def test_documents_drawer_lists_filters_and_returns_focus(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.click("#tool-documents")
    page.one(".document")
    total = len(page.all(".document"))
    page.one("#documents-filter").send_keys("不存在的资料名称")
    page.wait(lambda: not page.all(".document"), "the filter")
    page.one("#documents-filter").clear()
    page.one("#documents-filter").send_keys(" ")
    page.wait(lambda: len(page.all(".document")) == total, "the whole list")
    page.click(".document .button--quiet")
    page.one("#confirm")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.driver.find_element("id", "confirm").is_displayed(), "no to delete")
    assert len(page.all(".document")) == total
    page.press(Keys.ESCAPE)
    page.expect(page.focused, "tool-documents")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "citation", "expected"),
    [
        ("𠮷𡈽医院应当报告", {"quote": "应当", "block_start": 4, "block_end": 6}, "应当"),
        ("一二三", {"quote": "二", "block_start": 0, "block_end": 1}, "二"),
        ("第一行\n第二行", {"quote": "一行第二"}, "一行\n第二"),
        ("一二三", {"quote": "四"}, None),
        ("一二三", {"quote": "二", "block_start": 9, "block_end": 12}, "二"),
    ],
)
def test_quote_offsets_are_code_points(
    page: Page, text: str, citation: dict[str, Any], expected: str | None
) -> None:
    found = page.driver.execute_async_script(
        "const [base, text, citation, done] = arguments;"
        "import(base + 'assets/js/text.js').then(({ locateQuote, cut }) => {"
        "  const range = locateQuote(text, citation);"
        "  done(range ? cut(text, range).inside : null);"
        "}, (error) => done(String(error)));",
        page.base,
        text,
        citation,
    )
    assert found == expected


@pytest.mark.browser
def test_an_uploaded_pdf_is_cited_shown_and_removed(page: Page, tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "walnut-rules.pdf"
    canvas = Canvas(str(path), pagesize=(400, 300))
    canvas.drawString(60, 120, "The quorum of the Walnut Board is 11 members.")
    canvas.save()
    strange = tmp_path / "program.exe"
    strange.write_bytes(b"MZ\x00\x01")
    words = "\n".join(upload_files(page, path, strange))
    assert "已添加" in words and "格式不支持" in words
    close_drawer(page)

    page.ask("How many members is the quorum of the Walnut Board?")
    page.shows(".turn:last-child .statement", "11 members")
    page.click(".turn:last-child .statement .cite")
    picture = "#source-pane .page-image"
    page.wait(lambda: page.one(picture).get_property("naturalWidth") == 800, "the page's picture")
    assert "bbox=" in page.one(picture).get_attribute("src")
    assert console_errors(page) == []

    page.click("#tool-documents")
    page.one(".document")
    page.one("#documents-filter").send_keys("walnut-rules")
    page.wait(lambda: len(page.all(".document")) == 1, "the filter")
    page.click(".document .button--quiet")
    page.click("#confirm .button--danger")
    page.wait(lambda: not page.all(".document"), "the removal")
    page.wait(lambda: not page.all("#source-pane .page-image"), "its source to close")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("question", "badge", "words"),
    [
        ("帮我编5例受试者的数据", "不能回答", "不能编造数据"),
        ("帮我算一下样本量", "需要补充", "把握度"),
        ("2026年世界杯冠军是谁？", "依据不足", "语料不足以回答"),
    ],
)
def test_what_is_not_answered_is_said_once_and_not_called_verified(
    page: Page, question: str, badge: str, words: str
) -> None:
    page.ask(question)
    answer = page.text(".turn .answer")
    assert badge in answer
    assert "已核验" not in answer
    assert answer.count(words) == 1
    assert page.all(".turn .cite") == []


@pytest.mark.browser
def test_a_note_says_what_it_was_written_from(page: Page) -> None:
    page.ask(QUESTION)
    page.shows(".turn .source-line", "据以整理：《")


@pytest.mark.browser
def test_without_an_index_the_page_says_what_to_do(browser: Any, empty_live_server: str) -> None:
    page = Page(browser, empty_live_server)
    page.open()
    page.shows("#welcome", "资料库还是空的")
    page.ask_and_fail(QUESTION)
    failure = page.text(".turn .failure")
    assert "xinglin ingest" in failure
    assert "no_index" in failure


KOALA = """---
title: KOALA-5试验方案
kind: protocol
keywords: [KOALA-5]
---
# KOALA-5试验方案

## 访视安排

| 访视 | 研究日 | 允许窗口（天） |
| --- | --- | --- |
| 访视1 | 第1天 | 0 |
| 访视2 | 第29天 | ±3 |
"""


@pytest.mark.browser
def test_a_row_of_a_table_is_shown_under_its_header(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "koala.md"
    path.write_text(KOALA, encoding="utf-8")
    assert "已添加" in "\n".join(upload_files(page, path))
    close_drawer(page)
    page.ask("KOALA-5试验访视2的允许窗口是多少天？")
    table = ".turn:last-child .statement table"
    page.expect(lambda: page.texts(f"{table} thead th"), ["访视", "研究日", "允许窗口（天）"])
    assert page.texts(f"{table} tbody td") == ["访视2", "第29天", "±3"]
    page.click(".turn:last-child .statement .cite")
    page.wait(lambda: "±3" in page.marked(), "the marked row")
    assert console_errors(page) == []
