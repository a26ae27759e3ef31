"""The surfaces: HTTP API, chat page and command line. Nothing here knows how ranking works."""
