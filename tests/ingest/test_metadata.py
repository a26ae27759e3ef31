from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.loaders.base import Loaded
from ingest.metadata import base_title, detect_language, infer_metadata
from ingest.model import Block, Metadata
from ingest.parse import parse_file


def infer(
    *texts: str,
    title: str | None = None,
    name: str = "file.md",
    format_name: str = "markdown",
    **front_matter: Any,
) -> Metadata:
    """Metadata of a document with these paragraphs; ``# `` makes a heading."""
    blocks = [
        Block("heading", text[2:], level=1) if text.startswith("# ") else Block("paragraph", text)
        for text in texts or ("正文",)
    ]
    return infer_metadata(name, format_name, Loaded(blocks, title, metadata=front_matter))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("中华人民共和国药品管理法", "law"),
        ("中华人民共和国生物安全法（2024年修正）", "law"),
        ("民法典", "law"),
        ("药品注册管理办法", "regulation"),
        ("中华人民共和国人类遗传资源管理条例", "regulation"),
        ("人类遗传资源管理条例实施细则", "regulation"),
        ("医疗器械分类规则", "regulation"),
        ("创新医疗器械特别审查程序", "regulation"),
        ("涉及人的生命科学和医学研究伦理审查办法", "regulation"),
        ("关于办理药品、医疗器械注册申请材料造假刑事案件适用法律若干问题的解释", "regulation"),
        ("药物临床试验质量管理规范", "guideline"),
        ("医疗器械临床试验设计指导原则", "guideline"),
        ("接受药品境外临床试验数据的技术指导原则（试行）", "guideline"),
        ("中国急性缺血性脑卒中诊治指南2023", "guideline"),
        ("中国急性缺血性脑卒中诊治指南（2023年版）", "guideline"),
        ("晚期乳腺癌诊疗专家共识", "guideline"),
        ("ICH E6(R3) Guideline for Good Clinical Practice", "guideline"),
        ("E9(R1) Addendum on Estimands and Sensitivity Analysis", "guideline"),
        ("某注射液Ⅲ期临床试验方案", "protocol"),
        ("Statistical Analysis Plan for the XY-101 study", "protocol"),
        ("知情同意书", "form"),
        ("伦理审查申请表", "form"),
        ("免疫组织化学染色方法", "other"),
        ("靶向疗法", "other"),
        ("药品使用手法", "other"),
        ("Dapagliflozin in Patients with Heart Failure", "other"),
    ],
)
def test_the_title_tells_the_kind(title: str, kind: str) -> None:
    assert infer(title=title).kind == kind


@pytest.mark.parametrize(
    ("name", "format_name", "kind"),
    [
        ("Prot_SAP_000.pdf", "pdf", "protocol"),
        ("药品管理法(2019-08-26).md", "markdown", "law"),
        ("某法.csv", "csv", "data"),
        ("某办法.xlsx", "xlsx", "data"),
        ("scan0001.pdf", "pdf", "other"),
    ],
)
def test_the_file_name_and_format_tell_the_kind_when_the_title_does_not(
    name: str, format_name: str, kind: str
) -> None:
    assert infer(title="X", name=name, format_name=format_name).kind == kind


@pytest.mark.parametrize(
    ("title", "name", "draft"),
    [
        ("药物研发沟通交流管理办法（征求意见稿）", "a.md", True),
        ("生物医学新技术条例（草案）", "a.md", True),
        ("Adaptive Designs: Draft Guidance for Industry", "a.md", True),
        ("Protocol", "XY101_draft_v2.docx", True),
        ("药物研发沟通交流管理办法", "a.md", False),
        ("Redrafting history", "a.md", False),
    ],
)
def test_a_text_for_comment_is_a_draft(title: str, name: str, draft: bool) -> None:
    assert infer(title=title, name=name).draft is draft


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        ("药品管理法", "药品管理法(2019-08-26).md", "2019-08-26"),
        ("药品管理法（2019-08-26）", "a.md", "2019-08-26"),
        ("药品管理法", "药品管理法(2019-13-45).md", None),
        ("Protocol (2021-03-04)", "a.md", "2021-03-04"),
    ],
)
def test_a_date_in_brackets_is_the_version(title: str, name: str, expected: str | None) -> None:
    assert infer(title=title, name=name).version_date == expected


PREAMBLE = (
    "1984年9月20日第六届全国人民代表大会常务委员会第七次会议通过",
    "2001年2月28日第九届全国人民代表大会常务委员会第二十次会议第一次修订",
    "2019年8月26日第十三届全国人民代表大会常务委员会第十二次会议第二次修订",
    "第一条 为了加强药品管理，制定本法。",
    "第二条 2030年1月1日前通过评价的，适用本法。",
)


def test_the_latest_date_before_article_one_is_the_version() -> None:
    found = infer(*PREAMBLE, title="中华人民共和国药品管理法")
    assert (found.version_date, found.issued) == ("2019-08-26", "2019-08-26")


def test_a_date_that_does_not_exist_is_no_version() -> None:
    preamble = ("2019年2月30日国务院令第709号公布", "第一条 略。")
    assert infer(*preamble, title="某条例").version_date is None


def test_dates_in_a_paper_are_no_version() -> None:
    assert infer("2019年8月26日伦理委员会审查通过", title="某研究的结果").version_date is None


ISSUED = "2020年1月22日国家市场监督管理总局令第27号公布"


@pytest.mark.parametrize(
    ("closing", "effective_from"),
    [
        ("本办法自2020年7月1日起施行。", "2020-07-01"),
        ("本办法自 2020 年 7 月 1 日起实施。", "2020-07-01"),
        ("本办法自公布之日起施行。", "2020-01-22"),
        ("本办法自印发之日起执行。", "2020-01-22"),
        ("本办法自2015年5月1日起施行。", "2020-01-22"),  # an amendment keeps the first date
        ("本办法自2020年2月30日起施行。", None),
        ("本办法由国家药品监督管理局负责解释。", None),
    ],
)
def test_when_a_rule_takes_effect(closing: str, effective_from: str | None) -> None:
    found = infer(ISSUED, "第一条 略。", closing, title="药品注册管理办法")
    assert found.effective_from == effective_from


@pytest.mark.parametrize(
    ("closing", "repeals"),
    [
        ("自2024年5月1日起施行。《人体器官移植条例》同时废止。", ("人体器官移植条例",)),
        (
            "1999年5月1日实施的《进口药品管理办法》（局令第6号）同时废止。",
            ("进口药品管理办法",),
        ),
        ("《中华人民共和国执业医师法》同时废止。", ("执业医师法",)),
        ("《甲管理办法》和《乙管理办法（试行）》同时废止。", ("甲管理办法", "乙管理办法")),
        ("按照《药品管理法》执行。《甲办法》同时废止。", ("甲办法",)),
        ("废止的证书，按照《药品管理法》处理。", ()),
    ],
)
def test_the_titles_a_rule_repeals(closing: str, repeals: tuple[str, ...]) -> None:
    assert infer("第一条 略。", closing, title="某条例").repeals == repeals


def test_only_rules_repeal_and_take_effect() -> None:
    found = infer("自2024年5月1日起施行。《甲条例》同时废止。", title="某研究的讨论")
    assert (found.repeals, found.effective_from) == ((), None)


@pytest.mark.parametrize(
    ("opening", "issuer"),
    [
        (PREAMBLE[0], "全国人民代表大会常务委员会"),
        ("2005年8月3日中华人民共和国国务院令第442号公布", "国务院"),
        (ISSUED, "国家市场监督管理总局"),
        ("国家药监局 国家卫生健康委", "国家药品监督管理局"),
        ("International Council for Harmonisation of Technical Requirements", "ICH"),
        ("某医院伦理委员会", None),
    ],
)
def test_the_issuer(opening: str, issuer: str | None) -> None:
    assert infer(opening).issuer == issuer


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("某指导原则（2020年第77号）", "2020年第77号"),
        ("国卫科教发〔2023〕4号 涉及人的研究伦理审查办法", "国卫科教发〔2023〕4号"),
        ("某办法", None),
    ],
)
def test_the_document_number(title: str, number: str | None) -> None:
    assert infer(title=title).document_number == number


def test_front_matter_wins() -> None:
    given = {
        "title": "给定的题目",
        "kind": "method",
        "issuer": "某局",
        "version_date": date(2022, 1, 2),
        "effective_from": "2022-3-4",
        "language": "en",
        "keywords": "单个",
    }
    blocks = [Block("paragraph", text) for text in PREAMBLE]
    loaded = Loaded(blocks, "药品管理法（草案）", metadata=given)
    found = infer_metadata("x(2001-01-01).md", "markdown", loaded)
    assert (found.title, found.kind, found.issuer) == ("给定的题目", "method", "某局")
    assert (found.version_date, found.effective_from) == ("2022-01-02", "2022-03-04")
    assert (found.language, found.keywords) == ("en", ("单个",))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "no such kind"),
        ("issued", "soon"),
        ("effective_to", "2024-02-30"),
        ("issuer", "   "),
        ("superseded_by", None),
        ("owner", "unknown key"),
    ],
)
def test_front_matter_of_a_wrong_type_is_left_out(key: str, value: object) -> None:
    assert infer(**{key: value}) == infer()


def test_the_first_heading_is_the_title_and_the_file_name_the_last_resort() -> None:
    assert infer("前言", "# 药品管理法").title == "药品管理法"
    assert infer("前言", name="小组_会议-纪要.md").title == "小组 会议 纪要"


STUDY = "A Randomised, Double-blind Study of Drug X in Heart Failure"


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        (("Version 2.0", STUDY), STUDY),
        ((f"Title: {STUDY}",), STUDY),
        (("Title:", STUDY), STUDY),
        (("Sponsor: Y",), "Clinical Study Protocol (Prot 001)"),
    ],
)
def test_a_title_that_tells_nothing_is_replaced(texts: tuple[str, ...], title: str) -> None:
    found = infer(*texts, title="Clinical Study Protocol", name="Prot_001.pdf")
    assert found.title == title


def test_only_a_protocol_carries_identifiers() -> None:
    assert infer("NCT01234567", title="Study protocol").identifiers == ("NCT01234567",)
    assert infer("NCT01234567", title="药品管理法").identifiers == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [("药品管理", "zh"), ("Drug law", "en"), ("采用 RECIST 1.1 标准", "zh"), ("12 %", None)],
)
def test_the_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "title",
    [
        "生物安全法",
        "中华人民共和国生物安全法",
        "中华人民共和国 生物安全法（2024年修正）",
        "《生物安全法》(2020-10-17)",
        "生物安全法（修订草案）",
        "生物安全法（试行）",
    ],
)
def test_versions_of_one_text_share_their_base_title(title: str) -> None:
    assert base_title(title) == "生物安全法"


def test_a_bracket_that_tells_texts_apart_stays() -> None:
    assert base_title("硬性光学内窥镜（有创类）指导原则") == "硬性光学内窥镜（有创类）指导原则"


def read(path: Path) -> Metadata:
    return parse_file(path.read_bytes(), path.name, path.name, str(path))[0].metadata


@pytest.mark.shared
def test_every_law_carries_the_version_its_file_name_gives(shared: Path) -> None:
    for path in (shared / "reference" / "laws").glob("*.md"):
        found = read(path)
        title, version = path.stem[:-12], path.stem[-11:-1]
        assert base_title(found.title or "") == base_title(title)
        assert found.version_date == version
        assert found.kind in {"law", "regulation"}
        assert not found.draft
        assert found.language == "zh"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "version", "effective_from", "issuer", "repeals"),
    [
        ("药品管理法(2019-08-26)", "2019-08-26", "2019-12-01", "全国人民代表大会常务委员会", ()),
        (
            "医师法(2021-08-20)",
            "2021-08-20",
            "2022-03-01",
            "全国人民代表大会常务委员会",
            ("执业医师法",),
        ),
        ("人类遗传资源管理条例(2019-05-28)", "2019-05-28", "2019-07-01", "国务院", ()),
        (
            "人体器官捐献和移植条例(2023-12-04)",
            "2023-12-04",
            "2024-05-01",
            None,
            ("人体器官移植条例",),
        ),
        ("药品进口管理办法(2003-08-18)", "2003-08-18", "2004-01-01", None, ("进口药品管理办法",)),
        (
            "医疗器械注册与备案管理办法(2021-08-26)",
            "2021-08-26",
            "2021-10-01",
            "国家市场监督管理总局",
            ("医疗器械注册管理办法",),
        ),
    ],
)
def test_real_laws(
    shared: Path,
    name: str,
    version: str,
    effective_from: str,
    issuer: str | None,
    repeals: tuple[str, ...],
) -> None:
    found = read(shared / "reference" / "laws" / f"{name}.md")
    assert (found.version_date, found.effective_from) == (version, effective_from)
    assert (found.issuer, found.repeals) == (issuer, repeals)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "title", "version", "effective_from"),
    [
        ("cybersecurity-law", "网络安全法", "2025-10-28", "2025-10-28"),
        ("data-security-law", "数据安全法", "2021-06-10", "2021-09-01"),
        ("blood-donation-law", "献血法", "1997-12-29", "1998-10-01"),
        (
            "prevention-and-treatment-of-infections-diseases",
            "传染病防治法",
            "2025-04-30",
            "2025-09-01",
        ),
    ],
)
def test_real_laws_whose_version_stands_in_the_text_only(
    shared: Path, name: str, title: str, version: str, effective_from: str
) -> None:
    found = read(shared / "reference" / "laws_2026" / f"{name}.md")
    assert base_title(found.title or "") == title
    assert (found.version_date, found.effective_from) == (version, effective_from)


@pytest.mark.shared
def test_the_placeholder_date_of_real_guidance_is_not_believed(shared: Path) -> None:
    for path in sorted((shared / "reference" / "guidance").glob("cmde-2018-*.md")):
        found = read(path)
        assert found.kind == "guideline"
        assert found.effective_from != "2025-04-20"
