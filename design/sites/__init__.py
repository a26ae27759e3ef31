"""Sites and investigators (找中心、找 PI), ranked by what they may be expected to enrol."""

from design.sites.directory import Directory, Experience, Investigator, Site, read_directory
from design.sites.ranked import RankedSite, SiteRanking, Wanted
from design.sites.ranking import rank_sites
from design.sites.rates import MeanRate, mean_rate

__all__ = [
    "Directory",
    "Experience",
    "Investigator",
    "MeanRate",
    "RankedSite",
    "Site",
    "SiteRanking",
    "Wanted",
    "mean_rate",
    "rank_sites",
    "read_directory",
]
