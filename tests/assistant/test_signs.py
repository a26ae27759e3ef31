"""Features of a question and the boundaries they make."""

from __future__ import annotations

import pytest

from assistant.signs import boundary_rule, boundary_rules, rules, signs, signs_in


def test_every_feature_that_is_named_exists() -> None:
    for boundary in rules()["boundary"]:
        for sign in boundary["signs"]:
            assert set(sign["all"]) | set(sign.get("unless", ())) <= set(signs())
    limits = rules()["resemblance"]
    for key in ("unless", "asks", "questions", "objects", "unless_unclear", "asks_to_compute"):
        assert set(limits[key]) <= set(signs())
    assert all(set(names) <= set(signs()) for names in limits["unless_class"].values())
    assert set(limits["about"]) <= {rule.name for rule in boundary_rules()}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("帮我编20例数据", {"asks_us", "make_up", "evidence"}),
        ("编造数据怎么处罚", {"make_up", "evidence", "asks_rule", "question"}),
    ],
)
def test_features_are_read_from_the_surface(text: str, shown: set[str]) -> None:
    assert shown <= signs_in(text)


def test_features_far_apart_make_no_boundary() -> None:
    rule = boundary_rule("plan")
    near, far = "这个方案行不行", "这个方案" + "讲了很多" * 8 + "行不行"
    assert rule.fits(near, [near])
    assert not rule.fits(far, [far])
