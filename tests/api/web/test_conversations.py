"""Conversations and feedback on the chat page, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.api.web.browser import QUESTION, Page, console_errors

FOLLOW_UP = "那器械呢？"


def send(page: Page, method: str, path: str) -> Any:
    with urlopen(Request(page.base + path, method=method)) as response:
        return json.load(response)


def address(page: Page) -> str:
    found: str = page.driver.execute_script("return location.hash")
    return found


def questions(page: Page) -> list[str]:
    return [node.text for node in page.all(".turn .turn__words")]


def open_talks(page: Page) -> None:
    page.one("#tool-talks").click()
    page.wait(lambda: page.all("#talks .talk, #talks .muted"), "the list")


@pytest.mark.browser
def test_a_follow_up_says_how_it_was_understood_and_survives_a_reload(page: Page) -> None:
    page.ask(QUESTION)
    assert page.all(".turn__understood") == []
    page.ask(FOLLOW_UP)
    assert page.one(".turn:last-child .turn__understood").text.startswith("理解为：器械")
    talk = address(page)
    assert talk.startswith("#/c/")
    shown = page.one("#thread").text
    page.driver.refresh()
    page.wait(lambda: len(page.all(".turn .answer")) == 2, "the turns")
    assert questions(page) == [QUESTION, FOLLOW_UP]
    assert page.one("#thread").text == shown
    assert page.focused().get_attribute("id") == "question"
    page.one(".turn .statement .cite").click()
    page.one("#source-pane .source__body [data-block], #source-pane .page-image")
    assert console_errors(page) == []


@pytest.mark.browser
def test_a_new_conversation_and_the_way_back(page: Page) -> None:
    page.ask(QUESTION)
    first = address(page)
    page.one("#tool-new").click()
    page.wait(lambda: questions(page) == [], "the empty thread")
    assert address(page) == ""
    page.ask(FOLLOW_UP)
    assert page.all(".turn__understood") == [], "nothing before it to complete it from"
    assert address(page) not in {"", first}
    page.driver.back()
    page.wait(lambda: questions(page) == [QUESTION], "the first conversation")
    assert address(page) == first


@pytest.mark.browser
def test_conversations_are_found_renamed_and_deleted_by_keyboard(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.ask(QUESTION)
    open_talks(page)
    current = page.one('#talks [aria-current="true"]')
    assert current.text == QUESTION
    talk = page.one("#talks .talk").get_attribute("data-talk")
    page.one(f'[data-talk="{talk}"] .button--quiet').send_keys(Keys.ENTER)
    assert "talk__field" in page.focused().get_attribute("class")
    page.press(Keys.ESCAPE)
    assert page.one("#talks").is_displayed(), "Escape leaves the field, not the list"
    page.one(f'[data-talk="{talk}"] .button--quiet').send_keys(Keys.ENTER)
    page.press("默示许可<b>", Keys.ENTER)
    page.wait(lambda: "默示许可<b>" in page.one("#talks").text, "the new title")
    assert page.all("#talks b") == []

    page.one("#talks-search").send_keys("没有这样的词")
    page.wait(lambda: not page.all("#talks .talk"), "no match")
    page.one("#talks-search").clear()
    page.one("#talks-search").send_keys("默示许可<b>")
    page.wait(lambda: len(page.all("#talks .talk")) == 1, "one match")
    export = page.one("#talks a[download]").get_attribute("href")
    with urlopen(export) as response:
        assert response.read().decode().startswith("# 默示许可")

    # The list may be redrawn once more while the search settles.
    page.wait(lambda: page.all("#talks .talk .button--quiet")[-1].click() or True, "the button")
    page.one("#confirm .button--danger").click()
    page.wait(lambda: not page.all("#talks .talk"), "the deletion")
    page.press(Keys.ESCAPE)
    page.wait(lambda: page.focused().get_attribute("id") == "tool-talks", "the focus back")
    assert questions(page) == [] and address(page) == ""


@pytest.mark.browser
def test_a_conversation_that_is_gone_is_said(page: Page) -> None:
    page.driver.execute_script("location.hash = '#/c/nosuchconversation'")
    page.wait(lambda: page.one("#composer-message").text, "the message")
    assert "没能打开" in page.one("#composer-message").text
    assert address(page) == ""
    page.ask(QUESTION)
    assert questions(page) == [QUESTION]


@pytest.mark.browser
def test_feedback_on_a_statement_and_on_an_answer(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.ask(QUESTION)
    before = send(page, "GET", "v1/feedback")["total"]
    flag = page.one(".turn .statement__flag")
    assert flag.get_attribute("textContent").strip() == "对这条陈述提意见"
    flag.click()
    about = page.one("#feedback .feedback__about").text
    assert page.focused().get_attribute("id") == "feedback-comment"
    page.press("应引法条", Keys.TAB, "《药品管理法》第十九条", Keys.ENTER)
    page.wait(lambda: not page.driver.find_element("id", "feedback").is_displayed(), "the form")
    stored = send(page, "GET", "v1/feedback")
    assert stored["total"] == before + 1
    latest = stored["feedback"][0]
    assert (latest["verdict"], latest["comment"]) == ("wrong", "应引法条")
    assert latest["suggested_source"] == "《药品管理法》第十九条"
    assert latest["statement_text"] in about
    assert "statement__flag" in page.focused().get_attribute("class")

    useful = page.one('.turn [data-feedback$=":useful"]')
    useful.click()
    pressed = '.turn [data-feedback$=":useful"][aria-pressed="true"]'
    page.wait(lambda: page.all(pressed), "the mark")
    assert page.focused().get_attribute("aria-pressed") == "true"
    assert send(page, "GET", "v1/feedback")["feedback"][0]["verdict"] == "useful"
    assert console_errors(page) == []


@pytest.mark.browser
def test_sources_that_changed_since_are_marked_on_reload(page: Page, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    text = "---\ntitle: 壬类水浴箱规程\n---\n# 壬类水浴箱规程\n\n壬类水浴箱应当每8个月校准一次。\n"
    path = tmp_path / "bath.md"

    def upload(content: str) -> None:
        path.write_text(content, encoding="utf-8")
        page.one("#tool-documents").click()
        page.one(".document")
        page.driver.find_element("id", "upload-input").send_keys(str(path))
        page.wait(lambda: page.all(".upload__results li"), "the upload")
        page.press(Keys.ESCAPE)
        page.wait(lambda: not page.all(".document")[0].is_displayed(), "the drawer to close")

    upload(text)
    page.ask("壬类水浴箱多久校准一次？")
    assert "8个月" in page.one(".turn .statement").text
    upload("前言一段。\n\n" + text.split("---\n", 2)[2])
    page.driver.refresh()
    page.wait(lambda: "来源此后有变动" in page.one("#thread").text, "the remark")
    assert "8个月" in page.one(".turn .statement").text, "the answer stays as it was given"
    page.one(".turn .statement .cite").click()
    page.wait(lambda: "8个月" in page.marked(), "the quote in the new version")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            ['event: status\ndata: {"stage": "rea', 'ding"}\n', "\n: ping\n\nevent: answer\n"],
            [{"event": "status", "data": {"stage": "reading"}}],
        ),
        (
            ['event: a\r\ndata: {"x":\r\ndata: 1}\r\n\r\n', "data: plain\n\n"],
            [{"event": "a", "data": {"x": 1}}, {"event": "message", "data": "plain"}],
        ),
        (['event: answer\ndata: {"y": 2}'], [{"event": "answer", "data": {"y": 2}}]),
    ],
)
def test_events_are_read_however_they_are_cut(
    page: Page, pieces: list[str], expected: list[dict[str, Any]]
) -> None:
    found = page.driver.execute_async_script(
        "const [base, pieces, done] = arguments;"
        "import(base + 'assets/js/sse.js').then(async ({ readEvents }) => {"
        "  const encoder = new TextEncoder();"
        "  const body = new ReadableStream({ start(control) {"
        "    for (const piece of pieces) control.enqueue(encoder.encode(piece));"
        "    control.close(); } });"
        "  const found = [];"
        "  for await (const one of readEvents(body)) found.push(one);"
        "  done(found);"
        "}, (error) => done(String(error)));",
        page.base,
        pieces,
    )
    assert found == expected


@pytest.mark.browser
def test_a_source_repealed_since_is_marked_on_reload(page: Page) -> None:
    page.ask(QUESTION)
    title = page.one(".turn .source-line__name").text
    # The server's word for it: only the page is under test here.
    added = page.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument",
        {
            "source": "const own = window.fetch; window.fetch = async (path, options) => {"
            " const got = await own(path, options);"
            " if (!String(path).endsWith('/sources')) return got;"
            " const body = await got.json(); body.sources[0].status_now = 'superseded';"
            " return new Response(JSON.stringify(body), { status: 200 }); };"
        },
    )
    page.driver.refresh()
    page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
    page.wait(lambda: "效力此后变为：已被取代" in page.one("#thread").text, "the remark")
    assert page.one(".turn .source-line__name").text == title
