"""Page layout: from positioned glyphs to lines, columns, tables, headings and paragraphs.

The stages run in this order, each a module: :mod:`glyphs` (PDFium → segments), :mod:`columns`
(reading order), :mod:`lines`, :mod:`furniture` (headers and footers), :mod:`rows` (tables),
:mod:`paragraphs` with :mod:`numbering` (what an enumerator says) and :mod:`blocks`.
"""
