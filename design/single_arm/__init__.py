"""Single-arm trials with a yes-or-no endpoint: Simon, Fleming, exact one-stage; what follows."""

from design.single_arm.fleming import fleming_two_stage
from design.single_arm.inference import two_stage_inference
from design.single_arm.single_stage import single_stage_exact
from design.single_arm.two_stage import simon_two_stage, two_stage_characteristics

__all__ = [
    "fleming_two_stage",
    "simon_two_stage",
    "single_stage_exact",
    "two_stage_characteristics",
    "two_stage_inference",
]
