"""What the HTTP routes share: the opened index, the answerer, uploads and stored answers."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import Engine

from api.answers import AnswerStore
from api.conversations import ConversationStore
from api.database import open_database
from api.feedback import FeedbackStore
from api.schemas import AskedAnswer
from api.settings import Settings
from api.wiring import make_searcher, open_index, open_writer, plain_answerer, with_llm
from assistant import Answer, Answerer
from assistant.conversation import bounded
from assistant.llm.factory import LlmUnusable
from assistant.messages import message
from assistant.progress import Progress
from ingest.errors import BadInput
from ingest.pipeline import Outcome, ingest_paths
from retrieval import Filters, Hit, Index, Searcher, StoredDocument, View
from retrieval.embedders import ModelUnusable
from retrieval.writer import original_path

if TYPE_CHECKING:
    from assistant.llm.answerer import LlmAnswerer

_COPY_BYTES = 1 << 20


class NotFound(Exception):
    """What was asked for is not there."""


class Service:
    """One per server process; safe to use from several threads.

    The index is opened when first needed, so that a server started before the first ingest comes
    up, says so in ``/readyz``, and answers as soon as an index is published.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._index: Index | None = None
        self._worded: LlmAnswerer | None = None
        self._unusable = False
        self._database: Engine | None = None
        self._opening = threading.Lock()
        self._writing = threading.Lock()

    @property
    def index(self) -> Index:
        """The opened index. Raises ``IndexUnusable`` when there is none yet."""
        with self._opening:
            if self._index is None:
                self._index = open_index(self.settings)
            return self._index

    @cached_property
    def searcher(self) -> Searcher:
        """The searcher with its lexicon and segmenter, loaded once."""
        return make_searcher(self.settings)

    @cached_property
    def answers(self) -> AnswerStore:
        """Stored answers."""
        return AnswerStore(self.database)

    @cached_property
    def conversations(self) -> ConversationStore:
        """Stored conversations."""
        return ConversationStore(self.database)

    @cached_property
    def feedback(self) -> FeedbackStore:
        """Feedback on stored answers."""
        return FeedbackStore(self.database)

    @property
    def database(self) -> Engine:
        """The database, opened and brought up to date when first needed."""
        with self._opening:
            if self._database is None:
                self._database = open_database(
                    self.settings.state_dir, self.settings.database_address
                )
            return self._database

    def warm_up(self) -> None:
        """Load what the first question would otherwise wait for."""
        try:
            self.searcher.analyse("预热 warm-up")
        except ModelUnusable as error:  # the first question is told the same
            logging.getLogger("xinglin").error("%s", error)

    @property
    def plain(self) -> Answerer:
        """The answerer without a language model."""
        return plain_answerer(self.index, self.searcher, self.settings)

    @property
    def worded(self) -> LlmAnswerer | None:
        """The answerer with the language model of the settings; ``None`` when it is unusable.

        One for the process: it knows what the endpoint can do and how much is asked of it.
        """
        plain = self.plain
        with self._opening:
            if self._worded is None and not self._unusable:
                try:
                    self._worded = with_llm(plain, self.settings.llm)
                except LlmUnusable as error:
                    logging.getLogger("xinglin").error("%s", error)
                    self._unusable = True
            return self._worded

    def ask(
        self,
        question: str,
        as_of: str | None,
        filters: Filters,
        conversation_id: str | None = None,
        llm: bool | None = None,
        show_unsupported: bool | None = None,
        progress: Progress | None = None,
    ) -> AskedAnswer:
        """Answer a question and store the answer, as the next turn of a conversation if given.

        Args:
            question: As asked.
            as_of: ISO date the answer must hold for.
            filters: Which documents may be cited.
            conversation_id: The conversation it is the next turn of.
            llm: Whether the language model words it; if there is one when ``None``.
            show_unsupported: Show what failed the checks too; as the settings say when ``None``.
            progress: Told what goes on.

        Raises:
            NoConversation: There is no conversation with this id.
            Stopped: ``progress`` said that nobody waits any more; nothing is stored.
        """
        progress = progress or Progress()
        history = bounded(self._history(conversation_id), self.settings.conversation)
        wanted = bool(self.settings.llm.model) and llm is not False
        worded = self.worded if wanted else None
        if worded is not None:
            answer = worded.answer(
                question,
                as_of,
                filters,
                history,
                progress=progress,
                show_unsupported=show_unsupported,
            )
        else:
            progress.stage("searching")
            answer = self.plain.answer(question, as_of, filters, history)
            if wanted:
                notice = message(answer.language, "llm_failed")
                answer = replace(answer, notices=(*answer.notices, notice))
        progress.check()
        if conversation_id is None:
            self.answers.add(answer)
            return AskedAnswer.of(answer)
        turn = self.conversations.add(conversation_id, answer)
        return AskedAnswer.of(answer, conversation_id, turn)

    def _history(self, conversation_id: str | None) -> Sequence[Answer]:
        if conversation_id is None:
            return ()
        most = self.settings.conversation.history_turns
        return self.conversations.history(conversation_id, most)

    def stored_answer(self, answer_id: str) -> dict[str, Any]:
        """The answer JSON as it was given. Raises :class:`NotFound`."""
        answer = self.answers.get(answer_id)
        if answer is None:
            raise NotFound(f"no answer has the id {answer_id!r}")
        return answer

    def check_llm(self, wanted: bool | None) -> None:
        """Refuse to promise a language model that is not configured.

        Raises:
            BadInput: It is asked for and there is none.
        """
        if wanted and not self.settings.llm.model:
            raise BadInput("no language model is configured; set llm.model, or leave out llm")

    def check_index(self, conversation_id: str | None = None) -> None:
        """Open the index, its models and the conversation, as the first question would.

        Raises:
            NoConversation: There is no conversation with this id.
            IndexUnusable: There is no index, or it cannot be read.
            ModelUnusable: Its embedder cannot be used here.
        """
        self._history(conversation_id)
        with self.index.read():
            assert self.searcher

    def search(
        self, query: str, k: int, as_of: str | None, filters: Filters
    ) -> tuple[str, list[Hit]]:
        """Passages for a query, with the id of the snapshot they come from."""
        with self.index.read() as view:
            return view.snapshot.id, self.searcher.search(view, query, k, filters, as_of)

    def find(self, view: View, document_id: str) -> StoredDocument:
        """A document of a view. Raises :class:`NotFound`."""
        document = view.document(document_id)
        if document is None:
            raise NotFound(f"no document has the id {document_id!r}")
        return document

    def original(self, document: StoredDocument) -> Path:
        """The kept copy of a document's file. Raises :class:`NotFound`."""
        path = original_path(self.settings.index_dir, document.sha256, document.source_path)
        if not document.keep_original:
            raise NotFound(
                f"the original of {document.title!r} holds personal data; no copy of it is kept"
            )
        if not path.exists():
            raise NotFound(
                f"the original of {document.title!r} was not kept (setting keep_originals)"
            )
        return path

    @property
    def passwords(self) -> tuple[str, ...]:
        """Those set for files that need one."""
        return self.settings.ingest.read_options().passwords

    def upload(self, files: Sequence[tuple[str, BinaryIO]]) -> list[Outcome]:
        """Ingest uploaded files, given as names and open files."""
        folder = self.settings.state_dir / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        outcomes: dict[int, Outcome] = {}
        saved: dict[str, tuple[int, Path]] = {}
        with self._writing:
            for place, (name, stream) in enumerate(files):
                try:
                    path = self._save(folder, name, stream, taken=set(saved))
                    saved[path.name] = (place, path)
                except BadInput as error:
                    shown = PurePath(name).name or name
                    outcomes[place] = Outcome(shown, "failed", detail=str(error))
            if saved:
                paths = [path for _, path in saved.values()]
                with open_writer(self.settings) as writer:
                    report = ingest_paths(paths, writer, self.settings.ingest)
                    known = writer.known_paths()
                for outcome in report.outcomes:
                    place, path = saved[outcome.path]
                    outcomes[place] = outcome
                    if str(path.resolve()) not in known:
                        path.unlink(missing_ok=True)  # nothing in the index came from it
        return [outcomes[place] for place in sorted(outcomes)]

    def _save(self, folder: Path, name: str, stream: BinaryIO, taken: set[str]) -> Path:
        """Write an upload under its own bare name, whole or not at all."""
        bare = PurePath(name.replace("\\", "/")).name.strip()
        if not bare or bare.startswith(".") or len(bare.encode()) > 240:
            raise BadInput(f"file name {name!r} cannot be used; rename the file")
        if bare in taken:
            raise BadInput(f"another file named {bare!r} came with it; rename one of them")
        limit = int(self.settings.server.max_upload_mb * 1e6)
        unfinished = folder / f".{uuid.uuid4().hex}.part"
        size = 0
        try:
            with unfinished.open("wb") as file:
                while piece := stream.read(_COPY_BYTES):
                    size += len(piece)
                    if size > limit:
                        raise BadInput(
                            f"larger than {self.settings.server.max_upload_mb:g} MB "
                            "(setting server.max_upload_mb)"
                        )
                    file.write(piece)
            return unfinished.replace(folder / bare)
        finally:
            unfinished.unlink(missing_ok=True)

    def remove(self, document_id: str) -> str:
        """Remove a document, and its upload if it was one; return its full id."""
        with self._writing:
            with self.index.read() as view:
                document = self.find(view, document_id)
                others = [d for d in view.documents if d.id != document.id]
            with open_writer(self.settings) as writer:
                writer.remove([document.id])
            shared = any(d.source_path == document.source_path for d in others)
        source = Path(document.source_path)
        if not shared and source.is_relative_to((self.settings.state_dir / "uploads").resolve()):
            source.unlink(missing_ok=True)
        return document.id

    def today(self) -> str:
        """Today as ISO text."""
        return date.today().isoformat()
