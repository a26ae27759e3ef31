"""What a person does with the chat page, in few words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

QUESTION = "药物临床试验申请受理后多少个工作日内作出决定？"
QUOTE = re.compile("60个工作日|六十个工作日")


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

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def one(self, selector: str) -> Any:
        return self.wait(
            lambda: next((node for node in self.all(selector) if node.is_displayed()), None),
            selector,
        )

    def press(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    def focused(self) -> Any:
        return self.driver.switch_to.active_element

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
        return "".join(node.text for node in self.all("#source-pane mark"))

    def cite_with_quote(self) -> Any:
        """The button of the citation whose quote names the term, taken from the source list."""
        for line in self.all(".turn:last-child .source-line"):
            quotes = line.find_elements("css selector", ".quote")
            if quotes and QUOTE.search(re.sub(r"\s", "", quotes[0].text)):
                number = line.find_element("css selector", ".cite").get_attribute("data-cite")
                return self.one(f'.statement [data-cite="{number}"]')
        raise AssertionError("no source quotes the 60 working days")


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
