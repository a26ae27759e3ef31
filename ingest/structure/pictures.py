"""Text alternatives of pictures: told from names that programs make up."""

from __future__ import annotations

import re

from ingest.text import squeeze

# Names that programs give to pictures, paths and addresses.
_MADE_UP = re.compile(
    r"(?:图片|图像|图形|Picture|Image|IMG|微信图片|screenshot|屏幕截图|截图)?[\s_\d-]*(?:\.\w{3,4})?|"
    r"[0-9a-f]{16,}|\w+\.(?:png|jpe?g|gif|emf|wmf|bmp|tiff?|svg)|(?:[A-Za-z]:\\|https?:).*",
    re.I,
)
# PowerPoint and Word write descriptions of their own, with a note on how sure they are.
_GUESSED = re.compile(
    r"\s*(?:(?:Description|描述)\s*(?:automatically generated|已自动生成).*|"
    r"AI[- ]?(?:generated content|生成的内容).*|(?:低|中|高)可信度描述已自动生成.*)$",
    re.I | re.S,
)


def useful_description(description: str) -> str:
    """A picture's text alternative on one line, or ``""`` when a program wrote it."""
    text = squeeze(description)
    if _GUESSED.search(text):
        return ""
    text = text.replace("\n", " ")
    return "" if _MADE_UP.fullmatch(text) else text
