"""Descriptions of figures by a configured vision-capable model; off unless one is named."""
