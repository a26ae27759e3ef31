"""``/v1/design``: the calculators, one route a method, so that each has its inputs in OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.routes.common import errors
from api.schemas import Request
from design import Method, methods

_CURVE: JsonDict = {
    "method": "two_proportions",
    "inputs": {"p1": 0.65, "p2": 0.85},
    "vary": "n1",
    "values": [40, 60, 80, 100],
    "output": "power",
}


class Wording(BaseModel):
    """One thing said in Chinese and in English."""

    zh: str
    en: str


class CalculationResult(BaseModel):
    """A calculation: numbers, source, conventions, and a sentence that can be quoted."""

    method: str
    title: Wording
    inputs: dict[str, Any] = Field(description="As used, defaults filled in.")
    outputs: dict[str, Any] = Field(description="Numbers by name; `…_raw` before rounding up.")
    sentence: Wording
    reference: str
    formula: str
    conventions: list[Wording]
    warnings: list[Wording]
    call: str = Field(description="The command that gives this result again.")


class MethodInfo(BaseModel):
    """A method and what it takes."""

    name: str
    family: str
    title: Wording
    reference: str
    formula: str
    inputs: dict[str, Any] = Field(description="JSON schema of the inputs.")
    example: dict[str, Any] = Field(description="Inputs to try it with.")


class CurveRequest(Request):
    """One input varied over a range, one output followed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CURVE]})

    method: str = Field(max_length=80)
    inputs: dict[str, Any] = Field(default={}, description="All inputs that stay as they are.")
    vary: str = Field(max_length=80, description="The input on the horizontal axis.")
    values: list[float] = Field(min_length=2, max_length=200)
    output: str = Field(max_length=80, description="`name[2]` is the third of a list.")
    by: str | None = Field(None, max_length=80, description="An input that tells lines apart.")
    by_values: list[Any] = Field(default=[], max_length=8)
    mark: float | None = Field(
        None, allow_inf_nan=False, ge=-1e9, le=1e9, description="Draw a horizontal line there."
    )
    language: Literal["zh", "en"] = "zh"


class CurveLine(BaseModel):
    """The points of one line; null where the calculator refused."""

    by: Any
    points: list[float | None]


class CurveGap(BaseModel):
    """A point the calculator refused, and why."""

    at: float
    by: Any
    reason: str


class CurveResult(BaseModel):
    """A curve as numbers and as a picture."""

    method: str
    title: Wording
    inputs: dict[str, Any]
    vary: str
    values: list[float]
    output: str
    by: str | None
    lines: list[CurveLine]
    refused: list[CurveGap]
    svg: str


def design_router() -> APIRouter:
    """The routes of all methods."""
    router = APIRouter(prefix="/v1/design", tags=["design"])

    @router.get("")
    def list_methods() -> list[MethodInfo]:
        """All methods with their inputs."""
        return [_info(method) for method in methods().values()]

    @router.post("/curve", responses=errors(400, 422))
    def curve(request: CurveRequest) -> CurveResult:
        """Follow an output of a calculator over a range of an input."""
        from design.curves import curve

        by = (request.by, request.by_values) if request.by else None
        made = curve(
            request.method, request.inputs, request.vary, request.values, request.output, by
        )
        picture = made.svg(request.language, mark=request.mark)
        return CurveResult(**made.to_json(), svg=picture)

    for method in methods().values():
        router.add_api_route(
            f"/{method.name}",
            _endpoint(method),
            methods=["POST"],
            name=method.name,
            summary=f"{method.title.zh} {method.title.en}",
            description=f"{method.description}\n\n{method.reference}",
            response_model=CalculationResult,
            responses=errors(400, 422),
        )
    return router


def _info(method: Method) -> MethodInfo:
    return MethodInfo(
        name=method.name,
        family=method.family,
        title=Wording(**method.title.to_json()),
        reference=method.reference,
        formula=method.formula,
        inputs=method.inputs.model_json_schema(),
        example=dict(method.example),
    )


def _endpoint(method: Method) -> Callable[..., dict[str, Any]]:
    def calculate(inputs: BaseModel) -> dict[str, Any]:
        return method(**inputs.model_dump(exclude_unset=True)).to_json()

    # FastAPI reads the model of the body from the annotation.
    calculate.__annotations__["inputs"] = Annotated[
        method.inputs, Body(examples=[dict(method.example)])
    ]
    return calculate
