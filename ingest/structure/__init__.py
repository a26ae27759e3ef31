"""What the loaders of text formats share: headings by wording, captions, Markdown, HTML, grids.

Page layout of PDF files is in :mod:`ingest.layout`.
"""
