"""Connectors: fetch trials and articles from public sources as files that ingest reads.

One module a source: :mod:`ingest.fetch.clinicaltrials`, :mod:`ingest.fetch.articles` (PubMed and
PubMed Central). They write into a folder and know nothing of the index; nothing else in Xinglin
needs the network. The HTTP library is imported by the sources only.
"""

from ingest.fetch.errors import FetchError
from ingest.fetch.settings import FetchSettings
from ingest.fetch.summary import Summary

__all__ = ["FetchError", "FetchSettings", "Summary"]
