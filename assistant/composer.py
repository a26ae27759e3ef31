"""Turn chosen sentences into statements: the last gate before anything is shown."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.evidence import Sentence
from assistant.messages import message
from assistant.model import Citation, Statement
from assistant.tables import cited_table
from assistant.verification import verify
from ingest.flags import CONCERN, CORRECTED, DOUBTFUL_DIGITS, LOW_CONFIDENCE, RETRACTED
from ingest.model import Block, to_json
from retrieval import Hit, View
from retrieval.normalise import compare_form


class Composer:
    """Turns sentences into verified statements with numbered citations."""

    def __init__(self, view: View, language: str, as_of: str) -> None:
        self.statements: list[Statement] = []
        self.citations: list[Citation] = []
        self.notices: list[str] = []
        self._view = view
        self._language = language
        self._as_of = as_of

    def add(self, sentence: Sentence, *, detail: bool = False) -> None:
        """Verify a sentence and add it; one that fails, or was quoted before, is dropped."""
        if self._known(sentence):
            return
        citation = self.cite(sentence)
        if citation is not None:
            self.statements.append(Statement(sentence.text, (citation.id,), "verified", detail))

    def cite(self, sentence: Sentence) -> Citation | None:
        """The citation of a sentence, verified against the store; ``None`` when it fails.

        A place that was cited before keeps its number.
        """
        for citation in self.citations:
            place = (citation.document_id, citation.block, citation.block_start, citation.block_end)
            if place == (sentence.hit.document.id, sentence.block, sentence.start, sentence.end):
                return citation
        hit = sentence.hit
        block = self._view.blocks(hit.document, sentence.block, 1)[0][1]
        notices = [*self._standing(hit, block), *self._recognition(hit, block)]
        currency = self._notice(hit)
        notice = " ".join([*([currency] if currency else []), *notices]) or None
        verdict = verify(
            sentence.text,
            sentence.text,
            block,
            sentence.start,
            sentence.end,
            hit.status,
            disclosed=currency is not None,
        )
        if not verdict.ok:
            return None
        citation = self._citation(sentence, block, notice)
        self.citations.append(citation)
        if notice:
            self.notices.append(notice)
        return citation

    def compare(self, first: Sentence, second: Sentence) -> None:
        """Say that two sources set different limits."""
        named = {
            f"{name}{number}": value
            for number, sentence in enumerate((first, second), start=1)
            for name, value in self._named(sentence).items()
        }
        self.notices.append(message(self._language, "conflict", **named))

    def _named(self, sentence: Sentence) -> dict[str, str]:
        """Title, and the date from which it holds."""
        metadata, currency = sentence.hit.document.metadata, sentence.hit.currency
        since = currency.effective_from or metadata.issued or metadata.version_date
        return {
            "title": sentence.hit.document.title,
            "date": since or message(self._language, "undated"),
        }

    def _known(self, sentence: Sentence) -> bool:
        text = compare_form(sentence.text)
        return any(
            (
                c.document_id == sentence.hit.document.id
                and c.block == sentence.block
                and c.block_start < sentence.end
                and sentence.start < c.block_end
            )
            or compare_form(c.quote) == text
            for c in self.citations
        )

    def _citation(self, sentence: Sentence, block: Block, notice: str | None) -> Citation:
        hit = sentence.hit
        metadata = hit.document.metadata
        locator = to_json(block.locator)
        section = hit.chunk.locator.section or locator.get("section")
        if section:
            locator["section"] = section
        return Citation(
            id=len(self.citations) + 1,
            document_id=hit.document.id,
            title=hit.document.title,
            publisher=metadata.issuer,
            kind=metadata.kind or "other",
            locator=locator,
            quote=sentence.text,
            status=hit.status,
            effective_from=hit.currency.effective_from,
            effective_to=hit.currency.effective_to,
            superseded_by=hit.currency.superseded_by,
            score=round(hit.score, 4),
            path=hit.document.path,
            block=sentence.block,
            block_start=sentence.start,
            block_end=sentence.end,
            chunk_id=hit.chunk.id,
            source=metadata.source,
            verified=metadata.verified,
            notice=notice,
            table=cited_table(block, sentence.start, sentence.end),
            figure=block.kind == "figure",
        )

    def _standing(self, hit: Hit, block: Block) -> Iterator[str]:
        """What the journal has said of an article since."""
        for flag in (RETRACTED, CONCERN, CORRECTED):
            if flag in block.flags:
                yield message(self._language, flag, title=hit.document.title)

    def _recognition(self, hit: Hit, block: Block) -> Iterator[str]:
        """Text read from a picture, or by glyph number, may be misread."""
        page = block.locator.page or 1
        for flag in (DOUBTFUL_DIGITS, LOW_CONFIDENCE):
            if flag in block.flags:
                yield message(self._language, flag, title=hit.document.title, page=str(page))
                return

    def _notice(self, hit: Hit) -> str | None:
        """What must be said about a source that is not simply in force."""
        title, currency = hit.document.title, hit.currency
        if hit.status == "superseded":
            by = f"《{currency.superseded_by}》" if currency.superseded_by else ""
            if currency.effective_to:
                return message(
                    self._language, "superseded", title=title, by=by, date=currency.effective_to
                )
            return message(self._language, "superseded_undated", title=title, by=by)
        if hit.status == "draft":
            return message(self._language, "draft", title=title)
        if hit.status == "not_yet_effective":
            return message(
                self._language,
                "not_yet_effective",
                title=title,
                date=currency.effective_from or hit.document.metadata.issued,
            )
        if currency.notice:
            return message(self._language, "amended", title=title, notice=currency.notice)
        return None
