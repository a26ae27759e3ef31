"""Enrolment: how many patients by when, when so many, with how many sites, and what data change."""

from design.enrolment.ahead import enrolment_by_time, enrolment_time
from design.enrolment.model import SiteGroup
from design.enrolment.needed import enrolment_rate, enrolment_sites
from design.enrolment.updated import enrolment_single_rate, enrolment_update

__all__ = [
    "SiteGroup",
    "enrolment_by_time",
    "enrolment_rate",
    "enrolment_single_rate",
    "enrolment_sites",
    "enrolment_time",
    "enrolment_update",
]
