"""Conversations and feedback on the chat page, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.api.web.browser import (
    QUESTION,
    Page,
    close_drawer,
    console_errors,
    upload_files,
)

FOLLOW_UP = "那器械呢？"


def send(page: Page, method: str, path: str) -> Any:
    with urlopen(Request(page.base + path, method=method)) as response:
        return json.load(response)


def address(page: Page) -> str:
    found: str = page.driver.execute_script("return location.hash")
    return found


def questions(page: Page) -> list[str]:
    return page.texts(".turn .turn__words")


def open_talks(page: Page) -> None:
    page.click("#tool-talks")
    page.wait(lambda: page.all("#talks .talk, #talks .muted"), "the list")


@pytest.mark.browser
def test_a_follow_up_says_how_it_was_understood_and_survives_a_reload(page: Page) -> None:
    page.ask(QUESTION)
    assert page.all(".turn__understood") == []
    page.ask(FOLLOW_UP)
    assert page.text(".turn:last-child .turn__understood").startswith("理解为：器械")
    talk = address(page)
    assert talk.startswith("#/c/")
    shown = page.text("#thread")
    page.driver.refresh()
    page.expect(lambda: questions(page), [QUESTION, FOLLOW_UP])
    page.expect(lambda: page.text("#thread"), shown)
    page.expect(page.focused, "question")
    page.click(".turn .statement .cite")
    page.one("#source-pane .source__body [data-block], #source-pane .page-image")
    assert console_errors(page) == []


@pytest.mark.browser
def test_a_new_conversation_and_the_way_back(page: Page) -> None:
    page.ask(QUESTION)
    first = address(page)
    page.click("#tool-new")
    page.expect(lambda: questions(page), [])
    assert address(page) == ""
    page.ask(FOLLOW_UP)
    assert page.all(".turn__understood") == [], "nothing before it to complete it from"
    assert address(page) not in {"", first}
    page.driver.back()
    page.expect(lambda: questions(page), [QUESTION])
    assert address(page) == first


@pytest.mark.browser
def test_conversations_are_found_renamed_and_deleted_by_keyboard(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.ask(QUESTION)
    open_talks(page)
    page.expect(lambda: page.texts('#talks [aria-current="true"]'), [QUESTION])
    talk = page.attribute("#talks .talk", "data-talk")
    rename = f'[data-talk="{talk}"] .button--quiet'
    page.press_on(rename, Keys.ENTER)
    page.wait(lambda: "talk__field" in page.focused("class"), "the field")
    page.press(Keys.ESCAPE)
    page.wait(lambda: "button--quiet" in page.focused("class"), "the button again")
    assert page.one("#talks").is_displayed(), "Escape leaves the field, not the list"
    page.press_on(rename, Keys.ENTER)
    page.wait(lambda: "talk__field" in page.focused("class"), "the field")
    page.press("默示许可<b>", Keys.ENTER)
    page.shows("#talks", "默示许可<b>")
    assert page.all("#talks b") == []

    page.one("#talks-search").send_keys("没有这样的词")
    page.wait(lambda: not page.all("#talks .talk"), "no match")
    page.one("#talks-search").clear()
    page.one("#talks-search").send_keys("默示许可<b>")
    page.wait(lambda: len(page.all("#talks .talk")) == 1, "one match")
    with urlopen(page.base + str(page.attribute("#talks a[download]", "href"))) as response:
        assert response.read().decode().startswith("# 默示许可")

    page.click("#talks .talk .button--quiet:last-child")
    page.click("#confirm .button--danger")
    page.wait(lambda: not page.all("#talks .talk"), "the deletion")
    page.press(Keys.ESCAPE)
    page.expect(page.focused, "tool-talks")
    assert questions(page) == [] and address(page) == ""


@pytest.mark.browser
def test_a_conversation_that_is_gone_is_said(page: Page) -> None:
    page.driver.execute_script("location.hash = '#/c/nosuchconversation'")
    page.shows("#composer-message", "没能打开")
    assert address(page) == ""
    page.ask(QUESTION)
    assert questions(page) == [QUESTION]


@pytest.mark.browser
def test_feedback_on_a_statement_and_on_an_answer(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.ask(QUESTION)
    before = send(page, "GET", "v1/feedback")["total"]
    assert page.text(".turn .statement__flag") == "对这条陈述提意见"
    page.click(".turn .statement__flag")
    about = page.text("#feedback .feedback__about")
    page.expect(page.focused, "feedback-comment")
    page.press("应引法条", Keys.TAB, "《药品管理法》第十九条", Keys.ENTER)
    page.wait(lambda: not page.driver.find_element("id", "feedback").is_displayed(), "the form")
    stored = send(page, "GET", "v1/feedback")
    assert stored["total"] == before + 1
    latest = stored["feedback"][0]
    assert (latest["verdict"], latest["comment"]) == ("wrong", "应引法条")
    assert latest["suggested_source"] == "《药品管理法》第十九条"
    assert latest["statement_text"] in about
    page.wait(lambda: "statement__flag" in page.focused("class"), "the focus back")

    page.click('.turn [data-feedback$=":useful"]')
    page.one('.turn [data-feedback$=":useful"][aria-pressed="true"]')
    page.expect(lambda: page.focused("aria-pressed"), "true")
    assert send(page, "GET", "v1/feedback")["feedback"][0]["verdict"] == "useful"
    assert console_errors(page) == []


@pytest.mark.browser
def test_sources_that_changed_since_are_marked_on_reload(page: Page, tmp_path: Path) -> None:
    text = "---\ntitle: 壬类水浴箱规程\n---\n# 壬类水浴箱规程\n\n壬类水浴箱应当每8个月校准一次。\n"
    path = tmp_path / "bath.md"

    def upload(content: str) -> None:
        path.write_text(content, encoding="utf-8")
        upload_files(page, path)
        close_drawer(page)

    upload(text)
    page.ask("壬类水浴箱多久校准一次？")
    assert "8个月" in page.text(".turn .statement")
    upload("前言一段。\n\n" + text.split("---\n", 2)[2])
    page.driver.refresh()
    page.shows("#thread", "来源此后有变动")
    assert "8个月" in page.text(".turn .statement"), "the answer stays as it was given"
    page.click(".turn .statement .cite")
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
    title = page.text(".turn .source-line__name")
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
    page.shows("#thread", "效力此后变为：已被取代")
    assert page.text(".turn .source-line__name") == title
