from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.metadata import base_title
from ingest.model import Metadata
from retrieval.contents import StoredDocument
from retrieval.currency import Change, Currency, load_register, resolve_currency

_keys = itertools.count(1)


def rule(title: str, version: str | None = None, **more: Any) -> StoredDocument:
    """A regulation of a date, in force from that day unless told otherwise."""
    more = {"kind": "regulation", "version_date": version, "effective_from": version, **more}
    key = next(_keys)
    return StoredDocument(
        *(key, f"{key:016x}", f"{title}.md", f"/data/{key}", "text/markdown", f"{key:064x}", 1, 1),
        metadata=Metadata(title=title, **more),
        warnings=(),
        added="",
        blocks=1,
        chunks=1,
    )


def change(title: str, version: str, relation: Any, effective: str = "") -> Change:
    return Change(title, version, relation, "新文件", effective, "改了什么")


def on(day: str, document: StoredDocument, *others: StoredDocument, register: Any = ()) -> str:
    """Status of a document on a day, in an index that also holds others."""
    orders = ((document, *others), (*others, document))
    statuses = {resolve_currency(order, register)[document.id].status(day) for order in orders}
    assert len(statuses) == 1  # the order of the documents does not matter
    return statuses.pop()


@pytest.mark.parametrize(
    ("currency", "day", "status"),
    [
        (Currency(effective_from="2020-07-01", is_rule=True), "2020-06-30", "not_yet_effective"),
        (Currency(effective_from="2020-07-01", is_rule=True), "2020-07-01", "effective"),
        (Currency(effective_from="2020-07-01"), "2020-07-01", "effective"),
        (Currency(issued="2020-07-01", is_rule=True), "2020-06-30", "not_yet_effective"),
        (Currency(issued="2020-07-01"), "2020-06-30", "current"),  # a paper
        (Currency(effective_to="2020-07-01", is_rule=True), "2020-06-30", "effective"),
        (Currency(effective_to="2020-07-01", is_rule=True), "2020-07-01", "superseded"),
        (Currency(superseded_by="新法", is_rule=True), "1990-01-01", "superseded"),
        (
            Currency(superseded_by="新法", effective_to="2020-07-01", is_rule=True),
            "2020-06-30",
            "effective",
        ),
        (Currency(draft=True, effective_from="2020-07-01", is_rule=True), "2021-01-01", "draft"),
        (Currency(is_rule=True), "2020-01-01", "effective"),
        (Currency(), "2020-01-01", "current"),
    ],
)
def test_status_on_a_day(currency: Currency, day: str, status: str) -> None:
    assert currency.status(day) == status


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        ("2019-12-31", "effective", "not_yet_effective"),
        ("2020-06-30", "effective", "not_yet_effective"),
        ("2020-07-01", "superseded", "effective"),
    ],
)
def test_of_two_versions_one_is_in_force(day: str, old: str, new: str) -> None:
    first = rule("药物临床试验质量管理规范", "2003-08-06")
    second = rule(
        "药物临床试验质量管理规范（2020年修订）", "2020-04-23", effective_from="2020-07-01"
    )
    assert (on(day, first, second), on(day, second, first)) == (old, new)
    assert resolve_currency([first, second])[first.id].superseded_by == second.title


@pytest.mark.parametrize(
    ("day", "in_force"),
    [("2005-01-01", 0), ("2012-01-01", 1), ("2016-01-01", 2), ("2019-11-30", 2), ("2019-12-01", 3)],
)
@pytest.mark.parametrize("register", [False, True])
def test_of_many_versions_one_is_in_force(day: str, in_force: int, register: bool) -> None:
    versions = [rule("药品管理法", v) for v in ("2001-12-01", "2010-01-01", "2015-04-24")]
    versions.append(rule("药品管理法", "2019-08-26", effective_from="2019-12-01"))
    # The row speaks of all three old ones; it says when the last of them ended.
    rows = [change("药品管理法", "<=2015-04-24", "superseded", "2019-12-01")] if register else []
    currency = resolve_currency(versions, rows)
    statuses = [currency[version.id].status(day) for version in versions]
    assert [n for n, status in enumerate(statuses) if status == "effective"] == [in_force]


def test_copies_of_one_version_do_not_end_each_other() -> None:
    one, copy = rule("伦理审查办法", "2023-02-18"), rule("伦理审查办法", "2023-02-18")
    assert on("2024-01-01", one, copy) == "effective"


def test_a_draft_ends_nothing() -> None:
    law = rule("药品管理法", "2019-08-26")
    draft = rule(
        "药品管理法（征求意见稿）", "2025-01-01", draft=True, repeals=(base_title(law.title),)
    )
    assert on("2026-01-01", law, draft) == "effective"
    assert on("2026-01-01", draft, law) == "draft"


def test_a_text_ends_those_it_abolishes_from_the_day_it_takes_effect() -> None:
    old = rule("执业医师法", "1998-06-26")
    new = rule("医师法", "2021-08-20", effective_from="2022-03-01", repeals=("执业医师法",))
    assert on("2022-02-28", old, new) == "effective"
    assert on("2022-03-01", old, new) == "superseded"
    assert resolve_currency([old, new])[old.id].superseded_by == "医师法"


def test_a_text_that_abolishes_its_own_title_means_the_older_version() -> None:
    old, new, newest = (
        rule("试验规范", "2003-08-06"),
        rule("试验规范", "2020-07-01", repeals=("试验规范",)),
        rule("试验规范", "2026-07-01"),
    )
    assert on("2026-07-01", old, new, newest) == "superseded"
    assert on("2026-07-01", new, old, newest) == "superseded"
    assert on("2026-07-01", newest, new, old) == "effective"
    assert on("2021-01-01", new, old) == "effective"


def test_a_title_used_again_later_is_not_abolished_by_what_came_before() -> None:
    new = rule("注册办法", "2015-01-01", repeals=("试行办法",))
    again = rule("试行办法", "2024-01-01")
    assert on("2025-01-01", again, new) == "effective"


def test_the_first_text_that_ends_another_decides() -> None:
    old = rule("旧办法", "2000-01-01")
    first = rule("新办法", "2010-01-01", repeals=("旧办法",))
    second = rule("新办法", "2020-01-01", repeals=("旧办法",))  # the clause is often kept
    assert on("2010-01-01", old, second, first) == "superseded"
    assert resolve_currency([old, second, first])[old.id].effective_to == "2010-01-01"


def test_what_the_front_matter_says_comes_first() -> None:
    stated = rule("管理办法", "2010-01-01", effective_to="2015-01-01", superseded_by="另一办法")
    newer = rule("管理办法", "2020-01-01")
    register = [change("管理办法", "<=2019-01-01", "superseded", "2018-01-01")]
    currency = resolve_currency([stated, newer], register)[stated.id]
    assert (currency.effective_to, currency.superseded_by) == ("2015-01-01", "另一办法")


@pytest.mark.parametrize("kind", ["paper", "protocol", "method", "data", None])
def test_only_rules_are_superseded_by_title(kind: str | None) -> None:
    old, new = rule("研究", "2010-01-01", kind=kind), rule("研究", "2020-01-01", kind=kind)
    register = [change("研究", "<=2015-01-01", "superseded", "2016-01-01")]
    assert on("2026-01-01", old, new, register=register) in {"current", "effective"}


class TestRegister:
    def test_ends_a_version_from_its_day(self) -> None:
        old = rule("管理办法", "2010-01-01")
        register = [change("管理办法", "<=2019-12-31", "superseded", "2020-07-01")]
        assert on("2020-06-30", old, register=register) == "effective"
        assert on("2020-07-01", old, register=register) == "superseded"

    def test_without_a_day_the_old_version_is_never_in_force(self) -> None:
        old = rule("管理办法", "2010-01-01")
        register = [change("管理办法", "<=2019-12-31", "superseded")]
        assert on("2011-01-01", old, register=register) == "superseded"

    def test_an_amended_text_stays_in_force_with_a_notice(self) -> None:
        old = rule("生物安全法", "2020-10-17")
        register = [change("生物安全法", "2020-10-17", "amended", "2024-04-26")]
        currency = resolve_currency([old], register)[old.id]
        assert currency.status("2026-01-01") == "effective"
        assert currency.notice == "新文件（2024-04-26起）：改了什么"

    def test_once_the_amended_text_is_held_the_old_one_is_superseded(self) -> None:
        old, new = rule("遗传资源条例", "2019-05-28"), rule("遗传资源条例", "2024-03-10")
        register = [change("遗传资源条例", "2019-05-28", "amended", "2024-05-01")]
        assert on("2024-04-30", old, new, register=register) == "effective"  # the register's day
        assert on("2024-05-01", old, new, register=register) == "superseded"

    @pytest.mark.parametrize(
        ("version", "row", "applies"),
        [
            ("2015-01-01", "<=2015-01-01", True),
            ("2015-01-02", "<=2015-01-01", False),
            ("2015-01-01", "2015-01-01", True),
            ("2014-01-01", "2015-01-01", False),
            (None, "<=2015-01-01", False),
        ],
    )
    def test_speaks_of_versions(self, version: str | None, row: str, applies: bool) -> None:
        document = rule("中华人民共和国某法（2015年修正）", version)
        assert change("某法", row, "superseded").applies_to(document) is applies

    def test_speaks_of_one_title_only(self) -> None:
        row = change("某法", "<=2025-01-01", "superseded")
        assert not row.applies_to(rule("某法实施条例", "2015-01-01"))

    def test_a_missing_file_is_an_empty_register(self, tmp_path: Path) -> None:
        assert load_register(tmp_path / "none.csv") == ()


class TestTheRegisterThatShips:
    @pytest.fixture
    def register(self, repo: Path) -> tuple[Change, ...]:
        return load_register(repo / "corpus" / "currency.csv")

    def test_its_dates_are_dates(self, register: tuple[Change, ...]) -> None:
        assert len(register) > 30
        for row in register:
            date.fromisoformat(row.version_date.removeprefix("<="))
            if row.effective:
                assert row.effective > row.version_date.removeprefix("<="), row.title
                date.fromisoformat(row.effective)
            assert row.title and row.by_title and row.scope

    def test_does_not_contradict_itself(self, register: tuple[Change, ...]) -> None:
        said = {(row.title, row.version_date): row for row in register}
        for row in register:
            other = said[row.title, row.version_date]
            assert (row.relation, row.effective) == (other.relation, other.effective), row.title

    @pytest.mark.parametrize(
        ("title", "version", "last_day", "first_day"),
        [
            ("药品管理法实施条例", "2019-03-02", "2026-05-14", "2026-05-15"),
            ("中华人民共和国药品管理法（2015年修正）", "2015-04-24", "2019-11-30", "2019-12-01"),
            ("药物临床试验质量管理规范", "2003-08-06", "2020-06-30", "2020-07-01"),
            ("医疗器械监督管理条例", "2017-05-04", "2021-05-31", "2021-06-01"),
        ],
    )
    def test_knows_when_old_rules_ended(
        self,
        register: tuple[Change, ...],
        title: str,
        version: str,
        last_day: str,
        first_day: str,
    ) -> None:
        old = rule(title, version)
        assert on(last_day, old, register=register) == "effective"
        assert on(first_day, old, register=register) == "superseded"

    def test_knows_of_amendments(self, register: tuple[Change, ...]) -> None:
        law = rule("中华人民共和国生物安全法", "2020-10-17")
        currency = resolve_currency([law], register)[law.id]
        assert currency.status("2026-11-21") == "effective"
        assert currency.notice is not None and "卫生健康主管部门" in currency.notice
