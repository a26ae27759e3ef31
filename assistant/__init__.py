"""From a question to an answer whose every statement was checked against its source.

:class:`Answerer` reads the question, searches, chooses sentences, verifies each and abstains when
the corpus does not hold the answer. Nothing here knows about HTTP.
"""

from assistant.answerer import Answerer
from assistant.model import Answer, Citation, Record, Statement
from assistant.settings import AnswerSettings

__all__ = ["Answer", "AnswerSettings", "Answerer", "Citation", "Record", "Statement"]
