"""Whatever is posted to a calculator: a result in strict JSON, or a refusal in one sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from design import Method, methods
from tests.design.drawn_inputs import inputs_near

SECONDS = 10
HOSTILE = [
    "",
    "{",
    "null",
    "[]",
    "NaN",
    '"text"',
    '{"alpha": NaN}',
    '{"alpha": -Infinity}',
    '{"alpha": 1e400}',
    '{"\\ud800": 1}',
    '{"alpha": "\\ud800"}',
    f'{{"{"k" * 50_000}": 1}}',
    f'{{"n": {"9" * 5000}}}',
    "[" * 20_000,
    '{"a":' * 20_000,
]
ODD = ["x", "1e5", "𝟙", None, True, [], {}, [[[1]]], {"a": {"b": 1}}, 0, -1, 1e308, 10**40, 1e-320]


@pytest.fixture(scope="module")
def posting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("calculators")
    app = create_app(Settings(index_dir=folder / "index", state_dir=folder / "state"))
    kind = {"content-type": "application/json"}
    yield TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False, headers=kind)


def answered(client: TestClient, path: str, body: str) -> dict[str, Any]:
    """The reply to a body, held against what every reply promises."""
    begun = time.monotonic()
    reply = client.post(f"/v1/design/{path}", content=body.encode("utf-8", "surrogatepass"))
    assert time.monotonic() - begun < SECONDS, (path, body[:300])
    assert reply.status_code in {200, 400, 422}, (path, body[:300], reply.text)
    found: dict[str, Any] = json.loads(reply.content, parse_constant=pytest.fail)
    if reply.status_code != 200:
        said = found["error"]["message"]
        assert said and len(said) < 1000 and "\n" not in said, (path, body[:300], said)
    return found


@pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.name)
def test_the_example_and_odd_values(posting: TestClient, method: Method) -> None:
    found = answered(posting, method.name, json.dumps(dict(method.example)))
    assert found["outputs"] and found["method"] == method.name
    for number, name in enumerate([*method.example, *method.inputs.model_fields][:6]):
        odd = ODD[(number + len(method.name)) % len(ODD)]
        answered(posting, method.name, json.dumps({**method.example, name: odd}))


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_bodies_that_are_no_inputs(posting: TestClient, body: str) -> None:
    for path in ("two_proportions", "randomisation_list", "sensitivity_table", "curve"):
        answered(posting, path, body)


def test_lists_have_an_end() -> None:
    def endless(part: dict[str, Any]) -> bool:
        inner = [*part.get("anyOf", []), *([part["items"]] if "items" in part else [])]
        open_ended = part.get("type") == "array" and "maxItems" not in part
        return open_ended or any(map(endless, inner))

    for name, method in methods().items():
        for field, part in method.inputs.model_json_schema()["properties"].items():
            assert not endless(part), f"{name}: {field}"


def test_the_schema_of_the_interface_holds_together(posting: TestClient) -> None:
    document = posting.get("/openapi.json").json()
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    used = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert used == set(schemas)
    told = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in told]
    assert len(names) == len(set(names))
    for name, method in methods().items():
        body = document["paths"][f"/v1/design/{name}"]["post"]["requestBody"]
        assert body["content"]["application/json"]["schema"]["examples"] == [dict(method.example)]


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "curve"},
        {"method": "sensitivity_table"},
        {"inputs": {"\ud800": 1}},
        {"inputs": {"p1": [1] * 10_000}},
        {"values": [1e308, -1e308]},
        {"values": [50, 50]},
        {"values": [50] * 201},
        {"values": [50, None]},
        {"output": "power[²]"},
        {"output": "power["},
        {"output": "moon"},
        {"by": "p2", "by_values": []},
        {"by": "p2", "by_values": [{}, [1]]},
        {"by": "test", "by_values": ["x" * 10_000]},
        {"by": "n1", "by_values": [50]},
        {"mark": 1e308},
    ],
)
def test_hostile_curves(posting: TestClient, changed: dict[str, Any]) -> None:
    curve = {"method": "two_proportions", "inputs": {"p1": 0.65, "p2": 0.85}}
    curve |= {"vary": "n1", "values": [40, 60], "output": "power"}
    answered(posting, "curve", json.dumps(curve | changed))


@pytest.mark.slow
@pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.name)
def test_every_odd_value_of_every_input(posting: TestClient, method: Method) -> None:
    for name in method.inputs.model_fields:
        for odd in [*ODD, "\ud800", [1] * 100_000]:
            answered(posting, method.name, json.dumps({**method.example, name: odd}))


@pytest.mark.slow
@pytest.mark.parametrize("method", methods().values(), ids=lambda method: method.name)
def test_drawn_bodies(posting: TestClient, method: Method) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_near(method, dict(method.example)), st.data())
    def check(inputs: dict[str, Any], data: st.DataObject) -> None:
        odd = data.draw(st.dictionaries(st.sampled_from(sorted(inputs) or ["x"]), _ANY, max_size=1))
        answered(posting, method.name, json.dumps(inputs | odd))

    check()


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=3), part, max_size=3)
    ),
    max_leaves=8,
)
