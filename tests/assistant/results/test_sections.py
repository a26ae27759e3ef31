from __future__ import annotations

from assistant.results.sections import Place, SectionReader, section_named


def places(*headings: str) -> list[tuple[str, bool]]:
    reader = SectionReader()
    found = [reader.under([heading]) for heading in headings]
    return [(place.section, place.abstract) for place in found]


def test_labels_of_abstract_and_body() -> None:
    labels = ("TITLE:", "ABSTRACT.RESULTS:", "BODY.METHODS:", "BODY.RESULTS:", "BODY.PAIN:")
    assert places(*labels) == [
        ("title", False), ("results", True), ("methods", False), ("results", False),
        ("results", False),
    ]  # fmt: skip


def test_an_unknown_heading_behind_the_methods_is_no_method() -> None:
    assert places("BODY.METHODS:", "BODY.PRIMARY ENDPOINT:") == [
        ("methods", False), ("other", False),
    ]  # fmt: skip


def test_what_stands_deeper_belongs_to_the_outer_section() -> None:
    reader = SectionReader()
    reader.under(["3 Results"])
    assert reader.under(["3 Results", "Statistical analysis of pain"]) == Place("results")
    assert reader.under(["Abstract", "Results"]) == Place("results", abstract=True)


def test_the_title_of_a_paper_names_no_section() -> None:
    assert section_named("Long-term results of a randomized controlled trial of surgery") is None
    assert section_named("一种测定血清白蛋白的新方法及其临床意义") is None
    assert section_named("2 结果") == "results"


def test_labels_inside_an_abstract_in_one_piece() -> None:
    reader = SectionReader()
    reader.under(["摘要"])
    assert reader.opened_by("方法选择80例患者，随机分为两组。") == Place("methods", abstract=True)
    assert reader.opened_by("结果治疗组有效率高于对照组。") == Place("results", abstract=True)
    assert reader.opened_by("Results: Pain fell.") == Place("results", abstract=True)
    assert reader.opened_by("结果显示两组相似。") is None
