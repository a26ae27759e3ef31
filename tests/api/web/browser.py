"""What a person does with the chat page, in few words.

The page redraws its turns and lists at moments of its own: a node that was found may be gone when
it is read. So what is shown is read in one script, what is done is done again when the node went
away under it, and what is asserted is waited for (:meth:`Page.expect`, :meth:`Page.shows`).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

QUESTION = "药物临床试验申请受理后多少个工作日内作出决定？"
QUOTE = re.compile("60个工作日|六十个工作日")
_SHOWN = (
    "const shown = [...document.querySelectorAll(arguments[0])]"
    ".filter((node) => node.checkVisibility({ visibilityProperty: true }));"
)
_TEXTS = _SHOWN + "return shown.map((node) => node.innerText.trim());"
_ATTRIBUTE = _SHOWN + "return shown.length ? shown[0].getAttribute(arguments[1]) : null;"
_FOCUSED = "return document.activeElement.getAttribute(arguments[0]);"
_CITED = (
    "return [...document.querySelectorAll('.turn:last-child .source-line')].map((line) => ["
    "line.querySelector('.quote')?.textContent ?? '',"
    "line.querySelector('.cite').dataset.cite]);"
)


class Page:
    """What a person does with the page, in few words."""

    def __init__(self, driver: Any, base: str) -> None:
        self.driver = driver
        self.base = base.rstrip("/") + "/"

    def open(self, width: int = 1360, height: int = 900) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        self.driver.get(self.base)
        self.driver.execute_script("localStorage.clear()")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(self.base)
        self.one("#question")

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
        """Wait until a condition gives something true, and return that."""
        from selenium.common.exceptions import WebDriverException

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                value = condition()
                if value:
                    return value
            except WebDriverException:
                pass  # The element was redrawn between finding and reading it.
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s for {what}")

    def expect(self, read: Callable[[], Any], wanted: Any, seconds: float = 60) -> None:
        """Wait until something read off the page has the value wanted."""
        end = time.monotonic() + seconds
        while (found := read()) != wanted:
            assert time.monotonic() < end, f"{found!r} is still not {wanted!r}"
            time.sleep(0.1)

    def shows(self, selector: str, words: str) -> None:
        """Wait until a node that is shown holds the words."""
        self.wait(
            lambda: any(words in text for text in self.texts(selector)), f"{words} in {selector}"
        )

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def one(self, selector: str) -> Any:
        """The first node shown; for what is not redrawn while the caller holds it."""
        return self.wait(
            lambda: next((node for node in self.all(selector) if node.is_displayed()), None),
            selector,
        )

    def texts(self, selector: str) -> list[str]:
        """Words of every node shown, all read at one moment."""
        return list(self.driver.execute_script(_TEXTS, selector))

    def text(self, selector: str) -> str:
        """Words of the first node shown that has any."""
        return str(self.wait(lambda: next(filter(None, self.texts(selector)), None), selector))

    def attribute(self, selector: str, name: str) -> str | None:
        """An attribute of the first node shown."""
        self.wait(lambda: self.texts(selector), selector)
        found: str | None = self.driver.execute_script(_ATTRIBUTE, selector, name)
        return found

    def click(self, selector: str) -> None:
        self.wait(lambda: self.one(selector).click() or True, f"a click on {selector}")

    def press(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    def press_on(self, selector: str, *keys: str) -> None:
        self.wait(lambda: self.one(selector).send_keys(*keys) or True, f"keys on {selector}")

    def focused(self, attribute: str = "id") -> str:
        """An attribute of the node that has the focus."""
        return self.driver.execute_script(_FOCUSED, attribute) or ""

    def ask(self, question: str) -> None:
        from selenium.webdriver.common.keys import Keys

        before = len(self.all(".turn"))
        self.one("#question").send_keys(question, Keys.ENTER)
        self.wait(lambda: len(self.all(".turn")) == before + 1, "the turn")
        self.wait(lambda: self.all(".turn:last-child .answer"), "the answer")

    def ask_and_fail(self, question: str) -> None:
        from selenium.webdriver.common.keys import Keys

        self.one("#question").send_keys(question, Keys.ENTER)
        self.wait(lambda: self.all(".turn:last-child .failure"), "the failure")

    def marked(self) -> str:
        return "".join(self.texts("#source-pane mark"))

    def cite_with_quote(self) -> str:
        """The button of the citation whose quote names the term, taken from the source list."""
        for quote, number in self.driver.execute_script(_CITED):
            if QUOTE.search(re.sub(r"\s", "", quote)):
                return f'.statement [data-cite="{number}"]'
        raise AssertionError("no source quotes the 60 working days")


def upload_files(page: Page, *paths: Path) -> list[str]:
    """Send files through the documents drawer, and leave it open; the words shown for each."""
    page.click("#tool-documents")
    page.one(".document")
    page.driver.find_element("id", "upload-input").send_keys("\n".join(map(str, paths)))
    page.wait(lambda: len(page.all(".upload__results li")) == len(paths), "the outcomes")
    return page.texts(".upload__results li")


def close_drawer(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.texts("#documents"), "the drawer to close")


def console_errors(page: Page) -> list[str]:
    return [
        entry["message"]
        for entry in page.driver.get_log("browser")
        if entry["level"] in {"SEVERE", "WARNING"}
    ]


def requested_hosts(page: Page) -> set[str]:
    hosts = set()
    for entry in page.driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = urlsplit(message["params"]["request"]["url"])
            if url.scheme not in {"data", "blob", "chrome"}:
                hosts.add(url.netloc)
    return hosts
