"""The chat page: rules its files keep, and what a person can do with it in a real browser.

The browser tests need Debian's Chromium and chromedriver and the ``live_server`` fixture (base URL
of a running API over an index of the notes in ``corpus/``); without a browser they are skipped.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

WEB = Path(__file__).resolve().parents[2] / "api" / "web"
MODULES = sorted((WEB / "js").rglob("*.js"))
STYLES = sorted((WEB / "css").rglob("*.css"))
MARKUP = sorted(WEB.rglob("*.html")) + sorted(WEB.rglob("*.svg"))
SVG_NAMESPACE = "http://www.w3.org/2000/svg"

QUESTION = "药物临床试验申请受理后多少个工作日内作出决定？"
QUOTE = re.compile("60个工作日|六十个工作日")


# --- the files -----------------------------------------------------------------------------------


def _strings(language: str) -> dict[str, str]:
    text = (WEB / "js" / "strings" / f"{language}.js").read_text(encoding="utf-8")
    pairs = re.findall(r'^\s*"([\w.]+)":\s*"((?:[^"\\]|\\.)*)",$', text, flags=re.M)
    # Every line of the table must be of the form read here, or a key could hide.
    entries = [line for line in text.splitlines() if line.strip().startswith('"')]
    assert len(pairs) == len(entries)
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a key is defined twice"
    return dict(pairs)


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: path.name)
def test_markup_has_no_inline_code_or_style(path: Path) -> None:
    """A strict content security policy would block them."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son\w+\s*=", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert "javascript:" not in text
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, flags=re.S):
        assert "src=" in attributes
        assert body.strip() == ""


@pytest.mark.parametrize(
    "path", MARKUP + MODULES + STYLES, ids=lambda path: str(path.relative_to(WEB))
)
def test_nothing_points_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")
    assert not re.search(r"\b(?:https?|wss?):|['\"(]//\w", text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_modules_make_no_markup_from_strings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for banned in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "createContextualFragment",
        "eval(",
        "new Function",
        'setAttribute("style"',
    ):
        assert banned not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_only_the_client_fetches(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    calls = re.search(r"\bfetch\(|XMLHttpRequest|EventSource|WebSocket|sendBeacon", text)
    assert bool(calls) == (path.name == "api.js")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_imports_exist(path: Path) -> None:
    """Every imported module exists and exports the names taken from it."""
    text = path.read_text(encoding="utf-8")
    for names, source in re.findall(
        r'^import\s+(.*?)\s+from\s+"([^"]+)";', text, flags=re.M | re.S
    ):
        assert source.startswith("."), f"{source}: bare imports need a build step"
        target = (path.parent / source).resolve()
        assert target.is_file(), f"{path.name} imports {source}"
        exported = target.read_text(encoding="utf-8")
        if not names.startswith("{"):
            assert "export default" in exported
            continue
        for name in (part.strip() for part in names.strip("{} \n").split(",")):
            if name:
                assert re.search(
                    rf"^export (?:async )?(?:function|const|class) {name}\b", exported, flags=re.M
                ), f"{source} does not export {name}"


def test_assets_named_by_markup_and_styles_exist() -> None:
    index = (WEB / "index.html").read_text(encoding="utf-8")
    assets = re.findall(r'(?:href|src)="assets/([^"]+)"', index)
    assert {"css/app.css", "js/app.js", "favicon.svg"} <= set(assets)
    for asset in assets:
        assert (WEB / asset).is_file(), asset
    for style in STYLES:
        for source in re.findall(r'@import url\("([^"]+)"\)', style.read_text(encoding="utf-8")):
            assert (style.parent / source).is_file(), source


def test_languages_have_the_same_keys_and_values_to_fill() -> None:
    zh, en = _strings("zh"), _strings("en")
    assert set(zh) == set(en)
    for key in zh:
        holes = set(re.findall(r"\{(\w+)\}", zh[key])), set(re.findall(r"\{(\w+)\}", en[key]))
        assert holes[0] == holes[1], key
        assert zh[key].strip() and en[key].strip(), key


def test_every_key_in_use_exists_and_every_key_is_used() -> None:
    zh = _strings("zh")
    sources = [path for path in MODULES if path.parent.name != "strings"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    counted = set(re.findall(r'\btn\(\s*"([\w.]+)"', text))
    quoted = set(re.findall(r'"([a-z]\w*(?:\.\w+)+)"', text)) - counted
    used = {key for key in quoted if not key.endswith((".js", ".css"))}
    used |= {f"{key}.{form}" for key in counted for form in ("one", "other")}
    index = (WEB / "index.html").read_text(encoding="utf-8")
    used |= set(re.findall(r'data-i18n="([\w.]+)"', index))
    used -= {"xinglin.language"}  # the name under which the choice is stored
    assert used - set(zh) == set(), "used but not defined"
    assert set(zh) - used == set(), "defined but not used"


# --- the browser ---------------------------------------------------------------------------------


def _browser_paths() -> tuple[str, str] | None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    paths = _browser_paths()
    if paths is None:
        pytest.skip("chromium and chromedriver are not installed")
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = paths[0]
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--window-size=1360,900",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(paths[1]))
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


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


@pytest.fixture
def page(browser: Any, live_server: str) -> Page:
    page = Page(browser, live_server)
    page.open()
    return page


def _console_errors(page: Page) -> list[str]:
    return [
        entry["message"]
        for entry in page.driver.get_log("browser")
        if entry["level"] in {"SEVERE", "WARNING"}
    ]


def _requested_hosts(page: Page) -> set[str]:
    hosts = set()
    for entry in page.driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = urlsplit(message["params"]["request"]["url"])
            if url.scheme not in {"data", "blob", "chrome"}:
                hosts.add(url.netloc)
    return hosts


@pytest.mark.browser
def test_citation_opens_the_source_at_the_quote(page: Page) -> None:
    page.ask(QUESTION)
    assert page.all(".turn .statement")
    assert "已核验" in page.one(".answer__head").text
    button = page.cite_with_quote()
    assert button.get_attribute("aria-label").startswith("引用")
    button.click()
    page.wait(lambda: QUOTE.search(re.sub(r"\s", "", page.marked())), "the marked quote")
    mark = page.one("#source-pane mark")
    inside = page.driver.execute_script(
        "const m = arguments[0].getBoundingClientRect(),"
        " b = document.querySelector('.source__body').getBoundingClientRect();"
        "return m.top >= b.top && m.top <= b.bottom;",
        mark,
    )
    assert inside, "the mark is scrolled into view"
    assert button.get_attribute("aria-expanded") == "true"
    assert _console_errors(page) == []
    assert _requested_hosts(page) == {urlsplit(page.base).netloc}


@pytest.mark.browser
def test_keyboard_alone_is_enough(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    assert page.focused().get_attribute("id") == "question"
    page.press("第一行", Keys.SHIFT + Keys.ENTER, Keys.NULL)
    assert page.all(".turn") == [], "Shift+Enter only breaks the line"
    page.press(Keys.CONTROL + "a", Keys.NULL)
    page.press(QUESTION, Keys.ENTER)
    page.wait(lambda: page.all(".turn .statement .cite"), "a citation")
    assert page.focused().get_attribute("id") == "question", "ready for the next question"
    for _ in range(40):
        page.press(Keys.SHIFT + Keys.TAB, Keys.NULL)
        if "cite" in (page.focused().get_attribute("class") or "").split():
            break
    opener = page.focused().get_attribute("data-cite")
    assert opener, "a citation is reached with Tab"
    page.press(Keys.ENTER)
    page.one("#source-pane .source__body [data-block], #source-pane .page-image")
    assert page.focused().get_attribute("id") == "source-title"
    page.press(Keys.ESCAPE)
    pane = page.driver.find_element("id", "source-pane")
    page.wait(lambda: not pane.is_displayed(), "the pane to close")
    assert page.focused().get_attribute("data-cite") == opener


@pytest.mark.browser
def test_language_toggle_is_kept(page: Page) -> None:
    root = "return document.documentElement.lang"
    assert page.driver.execute_script(root) == "zh-CN"
    page.ask(QUESTION)
    page.one("#tool-language").click()
    assert page.driver.execute_script(root) == "en"
    assert page.one(".answer__head").text.startswith(("Verified", "Partly", "Calculated"))
    assert page.focused().get_attribute("id") == "tool-language"
    page.driver.refresh()
    page.wait(lambda: page.driver.execute_script(root) == "en", "English after a reload")
    assert "Ask" in page.one(".composer__action").text
    page.one("#tool-language").click()
    assert page.driver.execute_script(root) == "zh-CN"


@pytest.mark.browser
def test_markup_in_a_question_is_shown_as_text(page: Page) -> None:
    probe = "<img src=x onerror=alert(1)>"
    page.ask(probe)
    assert page.one(".turn__question .turn__words").text == probe
    assert page.all("#thread img") == []
    page.ask(QUESTION)
    assert len(page.all(".turn")) == 2, "a second question joins the same thread"


@pytest.mark.browser
def test_narrow_screens_get_a_sheet(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open(width=390, height=844)
    page.ask(QUESTION)
    page.cite_with_quote().click()
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

    page.one("#tool-documents").click()
    page.one(".document")
    total = len(page.all(".document"))
    page.one("#documents-filter").send_keys("不存在的资料名称")
    page.wait(lambda: not page.all(".document"), "the filter")
    page.one("#documents-filter").clear()
    page.one("#documents-filter").send_keys(" ")
    page.wait(lambda: len(page.all(".document")) == total, "the whole list")
    page.one(".document .button--quiet").click()
    page.one("#confirm")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.driver.find_element("id", "confirm").is_displayed(), "no to delete")
    assert len(page.all(".document")) == total
    page.press(Keys.ESCAPE)
    page.wait(lambda: page.focused().get_attribute("id") == "tool-documents", "the focus back")


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


def _upload(page: Page, *paths: Path) -> list[str]:
    """Send files through the drawer; the words shown for each."""
    page.one("#tool-documents").click()
    page.one(".document")
    page.driver.find_element("id", "upload-input").send_keys("\n".join(map(str, paths)))
    page.wait(lambda: len(page.all(".upload__results li")) == len(paths), "the outcomes")
    return [node.text for node in page.all(".upload__results li")]


@pytest.mark.browser
def test_an_uploaded_pdf_is_cited_shown_and_removed(page: Page, tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas
    from selenium.webdriver.common.keys import Keys

    path = tmp_path / "walnut-rules.pdf"
    canvas = Canvas(str(path), pagesize=(400, 300))
    canvas.drawString(60, 120, "The quorum of the Walnut Board is 11 members.")
    canvas.save()
    strange = tmp_path / "program.exe"
    strange.write_bytes(b"MZ\x00\x01")
    words = "\n".join(_upload(page, path, strange))
    assert "已添加" in words and "格式不支持" in words
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.all(".document")[0].is_displayed(), "the drawer to close")

    page.ask("How many members is the quorum of the Walnut Board?")
    assert "11 members" in page.one(".turn:last-child .statement").text
    page.one(".turn:last-child .statement .cite").click()
    image = page.one("#source-pane .page-image")
    page.wait(lambda: image.get_property("naturalWidth") == 800, "the page's picture")
    assert "bbox=" in image.get_attribute("src")
    assert _console_errors(page) == []

    page.one("#tool-documents").click()
    page.one(".document")
    page.one("#documents-filter").send_keys("walnut-rules")
    page.wait(lambda: len(page.all(".document")) == 1, "the filter")
    page.one(".document .button--quiet").click()
    page.one("#confirm .button--danger").click()
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
    answer = page.one(".turn .answer").text
    assert badge in answer
    assert "已核验" not in answer
    assert answer.count(words) == 1
    assert page.all(".turn .cite") == []


@pytest.mark.browser
def test_a_note_says_what_it_was_written_from(page: Page) -> None:
    page.ask(QUESTION)
    assert "据以整理：《" in page.one(".turn .source-line").text


@pytest.mark.browser
def test_without_an_index_the_page_says_what_to_do(browser: Any, empty_live_server: str) -> None:
    page = Page(browser, empty_live_server)
    page.open()
    assert "资料库还是空的" in page.one("#welcome").text
    page.ask_and_fail(QUESTION)
    failure = page.one(".turn .failure").text
    assert "xinglin ingest" in failure
    assert "no_index" in failure
