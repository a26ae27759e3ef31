"""When events are reached: uniform accrual, exponential times to event and to drop-out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from design.errors import BadDesign
from design.solving import root

_LONGEST = 1e6


@dataclass(frozen=True, slots=True)
class Accrual:
    """How patients enter and events happen; all times in one unit.

    Attributes:
        rate: Patients entering per unit of time, both arms together.
        duration: Time for which they enter.
        hazard_control: Hazard of the event in the control arm.
        hr: Hazard ratio, treatment : control.
        ratio: Allocation, treatment : control.
        dropout_hazard: Hazard of dropping out, in both arms.
    """

    rate: float
    duration: float
    hazard_control: float
    hr: float
    ratio: float
    dropout_hazard: float = 0.0

    def enrolled(self, time: float) -> float:
        """Patients entered by a calendar time."""
        return self.rate * min(time, self.duration)

    def events(self, time: float) -> float:
        """Events expected by a calendar time in both arms (Kim & Tsiatis 1990)."""
        treated = self.ratio / (1 + self.ratio)
        return self.rate * (
            treated * self._share(self.hazard_control * self.hr, time)
            + (1 - treated) * self._share(self.hazard_control, time)
        )

    def time_of(self, events: float) -> float:
        """The calendar time at which so many events are expected.

        Raises:
            BadDesign: The patients that enter cannot have so many events.
        """
        if self.events(_LONGEST) <= events:
            raise BadDesign(
                f"{events:.1f} events are never reached: {self.enrolled(self.duration):.0f} "
                f"patients have {self.events(_LONGEST):.1f} at most; enrol more (accrual_rate, "
                "accrual_duration)",
                "accrual_rate",
            )
        return root(lambda t: self.events(t) - events, 0.0, _LONGEST, xtol=1e-9, rtol=1e-12)

    def _share(self, hazard: float, time: float) -> float:
        """Events by ``time`` of an arm that one patient enters per unit of time."""
        leaving = hazard + self.dropout_hazard
        entry = min(time, self.duration)
        # Of those who entered at u the share 1 - exp(-leaving (time - u)) has left by now.
        staying = math.exp(-leaving * (time - entry)) * -math.expm1(-leaving * entry) / leaving
        return hazard / leaving * (entry - staying)
