"""Reports for curators: HTML pages that stand alone, without scripts and without a server."""
