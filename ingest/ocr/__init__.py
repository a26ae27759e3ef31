"""Text recognition (OCR): pages that are pictures, as lines with rectangles and confidences.

In the order of work: :mod:`raster` (a page or an image file as pixels, bounded), :mod:`engines`
(which recognition to use: :mod:`rapid` or :mod:`tesseract`, behind :mod:`base`), :mod:`confusions`
(look-alikes repaired by a reviewed table), :mod:`frames` (rotation and skew), :mod:`sizes` (type
sizes), :mod:`rules` (ruling lines) and :mod:`reader`, which makes of all this the same
:class:`ingest.layout.shapes.Page` that a text layer gives.
"""
