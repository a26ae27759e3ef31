"""The calculators by name: how one is declared, found and called with checked inputs."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from design.checking import input_model, is_number, refuse_endless, refuse_extreme, told
from design.errors import BadDesign, UnknownMethod
from design.result import Outcome, Result
from design.wording import Text, Wording

_METHODS: dict[str, Method] = {}
# Outputs that say how many to enrol, the first that a calculation has.
_ENROLLED = ("n_total_with_dropout", "n_with_dropout", "n_pairs_with_dropout", "n_enrol")


@dataclass(frozen=True, slots=True)
class Method:
    """A calculator with what is said of it.

    Attributes:
        name: As ``xinglin design`` takes it, words joined by underscores.
        family: The package it stands in: ``proportions``, ``survival`` …
        title: What it is called.
        inputs: Model of the inputs: types, ranges, defaults, descriptions.
        reference: The paper or book the formula is from.
        formula: The formula, in plain text.
        example: Inputs to try it with.
    """

    name: str
    family: str
    title: Text
    inputs: type[BaseModel]
    reference: str
    formula: str
    example: Mapping[str, Any]
    calculate: Callable[..., Outcome]
    wording: Wording

    @property
    def description(self) -> str:
        """What it calculates and what it takes, as its function says; code in `single` marks."""
        return inspect.cleandoc(self.calculate.__doc__ or "").replace("``", "`")

    def __call__(self, **inputs: Any) -> Result:
        """Check the inputs and calculate.

        Raises:
            BadDesign: An input is missing, unknown, out of range, or at odds with another.
        """
        given = self.checked(inputs)
        for name, value in given.items():
            refuse_extreme(name, value)
        try:
            outcome = self.calculate(**given)
        except BadDesign:
            raise
        except ArithmeticError:
            raise BadDesign(
                f"{self.name} cannot calculate with numbers so far apart: an input is out of all "
                "proportion to the others"
            ) from None
        outputs = {**outcome.outputs, **self._said_besides(outcome, given)}
        for name, value in outputs.items():
            refuse_endless(name, value)
        values = {**given, **outcome.outputs, **outcome.values}
        return Result(
            method=self.name,
            title=self.title,
            inputs=given,
            outputs=outputs,
            sentence=self._sentence(outcome, values),
            reference=self.reference,
            formula=self.formula,
            conventions=self._said("conventions", outcome.conventions, values),
            warnings=self._said("warnings", outcome.warnings, values),
        )

    def _said_besides(self, outcome: Outcome, given: Mapping[str, Any]) -> dict[str, Any]:
        """Numbers that the sentence names and that are neither inputs nor outputs.

        They are made outputs: whoever quotes the sentence can check every number in it.
        """
        named = self.wording.names(self.name, "sentence", outcome.sentence)
        return {
            name: value
            for name, value in outcome.values.items()
            if name in named
            and name not in outcome.outputs
            and is_number(value)
            and value != given.get(name)
        }

    def _sentence(self, outcome: Outcome, values: Mapping[str, Any]) -> Text:
        """The sentence, with the number to enrol when it is silent on an expected drop-out."""
        text = self.wording.text(self.name, "sentence", outcome.sentence, values=values)
        key = next((key for key in _ENROLLED if key in outcome.outputs), None)
        if key is None or not values.get("dropout") or "脱落" in text.zh:
            return text
        told = "enrol_pairs" if key.startswith("n_pairs") else "enrol"
        enrol = {"enrol": outcome.outputs[key]}
        more = self.wording.text("conventions", told, values={**values, **enrol})
        return Text(zh=text.zh + more.zh, en=text.en + more.en)

    def _said(
        self, table: str, keys: tuple[str, ...], values: Mapping[str, Any]
    ) -> tuple[Text, ...]:
        return tuple(self.wording.text(table, key, values=values) for key in keys)

    def checked(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Inputs of the right types and ranges, defaults filled in.

        Raises:
            BadDesign: One is missing, unknown or out of range.
        """
        try:
            model = self.inputs.model_validate(dict(inputs))
        except ValidationError as error:
            raise told(self.name, error) from None
        return {name: getattr(model, name) for name in type(model).model_fields}


def calculator(*, reference: str, formula: str) -> Callable[[Callable[..., Outcome]], Method]:
    """Declare a function as a calculator under its own name.

    The function takes keyword-only parameters annotated with types that pydantic can check (see
    :mod:`design.quantities`) and returns an :class:`Outcome`. Its texts stand in the TOML file
    named after its package, ``design/FAMILY/FAMILY.toml``: ``[NAME.title]``,
    ``[NAME.example]`` (inputs to try it with), ``[NAME.sentence.KEY]``, and ``[conventions.KEY]``
    and ``[warnings.KEY]``, of which those in ``design/conventions.toml`` are shared.
    """

    def declare(function: Callable[..., Outcome]) -> Method:
        name = function.__name__
        package = Path(inspect.getfile(function)).parent
        wording = Wording(package / f"{package.name}.toml")
        if name in _METHODS:
            raise ValueError(f"two calculators are named {name}")
        method = Method(
            name=name,
            family=package.name,
            title=wording.text(name, "title"),
            inputs=input_model(name, function),
            reference=reference,
            formula=formula,
            example=wording.example(name),
            calculate=function,
            wording=wording,
        )
        _METHODS[name] = method
        return method

    return declare


def methods() -> dict[str, Method]:
    """All calculators by name, those of a family together."""
    _load()
    return dict(sorted(_METHODS.items(), key=lambda item: item[1].family))


def method(name: str) -> Method:
    """One calculator; ``two-proportions`` and ``two_proportions`` are the same.

    Raises:
        UnknownMethod: There is none of this name; the message names the nearest.
    """
    import difflib

    wanted = name.strip().lower().replace("-", "_")
    if wanted not in _METHODS:
        _load_family_of(wanted)
    if wanted in _METHODS:
        return _METHODS[wanted]
    known = methods()
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; see xinglin design list"
    raise UnknownMethod(f"there is no method {name!r}{hint}", "method")


def calculate(name: str, inputs: Mapping[str, Any]) -> Result:
    """Call a calculator by name.

    Example:
        >>> given = {"p1": 0.65, "p2": 0.85, "alpha": 0.05, "sides": 2, "power": 0.8}
        >>> calculate("two_proportions", given).outputs["n_per_arm"]
        70

    Raises:
        UnknownMethod: There is none of this name.
        BadDesign: An input is missing, unknown, out of range, or at odds with another.
    """
    return method(name)(**inputs)


@functools.cache
def _load() -> None:
    """Import the packages that hold calculators: those with texts named after them.

    Not before a calculator is asked for, since they load SciPy.
    """
    for texts in _texts():
        importlib.import_module(f"design.{texts.stem}")


def _load_family_of(name: str) -> None:
    """Import the one package whose texts know a method: a command needs no other."""
    for texts in _texts():
        if f"\n[{name}." in texts.read_text(encoding="utf-8"):
            importlib.import_module(f"design.{texts.stem}")
            return


def _texts() -> list[Path]:
    found = sorted(Path(__file__).parent.glob("*/*.toml"))
    return [texts for texts in found if texts.stem == texts.parent.name]
