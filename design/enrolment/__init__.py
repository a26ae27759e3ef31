"""Enrolment: how many patients by when, when so many, with how many sites, and what data change."""

from design.enrolment.methods import (
    enrolment_by_time,
    enrolment_rate,
    enrolment_single_rate,
    enrolment_sites,
    enrolment_time,
    enrolment_update,
)
from design.enrolment.model import SiteGroup

__all__ = [
    "SiteGroup",
    "enrolment_by_time",
    "enrolment_rate",
    "enrolment_single_rate",
    "enrolment_sites",
    "enrolment_time",
    "enrolment_update",
]
