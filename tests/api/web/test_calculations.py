"""A question that is calculated, as the page shows it."""

from __future__ import annotations

import pytest

from tests.api.web.browser import Page, console_errors

ASKED = "对照组有效率60%，试验组75%，双侧0.05，把握度80%，1:1，脱落10%，每组多少例？"


@pytest.mark.browser
def test_a_calculation_shows_how_it_was_made_and_how_to_repeat_it(page: Page) -> None:
    page.ask(ASKED)
    page.shows(".turn:last-child .statement", "150 例")
    page.shows(".calculation__conventions", "α=0.05 为双侧合计")
    page.shows(".calculation__formula", "sqrt")
    page.shows(".calculation__call code", "xinglin design two-proportions --p1 0.75 --p2 0.6")
    assert len(page.texts(".calculation__call code")) == 1, "other methods are folded"
    assert len(page.all(".calculation")) == 4
    page.click(".calculation__call .button")
    page.wait(lambda: "复制命令" not in page.text(".calculation__call .button"), "the copy")
    assert console_errors(page) == []
