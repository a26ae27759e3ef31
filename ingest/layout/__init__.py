"""Layout of PDF pages: from positioned glyphs to lines, columns, tables, headings, paragraphs.

In the order of work: :mod:`glyphs` (PDFium → segments, with :mod:`characters` and :mod:`shifted`
for what codes mean, :mod:`hidden` for text nobody sees, :mod:`garbled` for text layers that are
nonsense; such pages, like scans, come from :mod:`ingest.ocr`), :mod:`pages` with :mod:`grids`
(ruled tables), :mod:`columns` (reading order) and :mod:`lines`; then :mod:`furniture` (headers
and footers); then :mod:`blocks` with :mod:`toc`, :mod:`rows` (tables), :mod:`paragraphs`,
:mod:`hyphens`, :mod:`numbering` (what an enumerator says) and :mod:`headings`. :mod:`report`
gathers what a curator should know; :mod:`shapes` holds what the stages hand on.
"""
