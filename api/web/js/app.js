/** Start of the page: makes the store and the views and joins them. */

import { ApiError, ask, getStatus } from "./api.js";
import { uniqueId } from "./dom.js";
import { errorWords } from "./errors.js";
import { initLanguage, onLanguage, t } from "./i18n.js";
import { overallStatus } from "./labels.js";
import { createStore } from "./store.js";
import { saysOnlyMissing } from "./text.js";
import { createComposer } from "./views/composer.js";
import { createDocuments } from "./views/documents.js";
import { createSourcePane } from "./views/source-pane.js";
import { createThread } from "./views/thread.js";
import { drawTools } from "./views/tools.js";
import { drawWelcome } from "./views/welcome.js";

const byId = (id) => document.getElementById(id);

const store = createStore({ turns: [], status: null, statusError: null });
let inFlight = null;

initLanguage();

/** Say something to screen readers. */
function announce(words) {
  const region = byId("announcer");
  region.textContent = "";
  // Emptied first and filled later, so that the same words are said twice if they come twice.
  setTimeout(() => {
    region.textContent = words;
  }, 50);
}

const composer = createComposer(byId("composer"), {
  onAsk: (question, asOf) => submit(question, asOf),
  onStop: () => inFlight?.abort(),
  announce,
});

const source = createSourcePane(byId("source-pane"), {
  background: [byId("skip"), byId("masthead"), byId("chat")],
  onFocusLost: () => composer.focus(),
  announce,
});

const documents = createDocuments(byId("documents"), byId("confirm"), {
  onOpen: (item, opener) =>
    source.open({ documentId: item.id, citation: null, citations: [], turnId: null }, opener),
  onChanged: () => refreshStatus(),
  onDeleted: (id) => {
    if (source.documentId() === id) source.close();
  },
});

const thread = createThread(byId("thread"), byId("chat-scroll"), {
  onCitation: (turn, citation, opener) => {
    // The same button closes what it opened.
    if (opener.getAttribute("aria-expanded") === "true") {
      source.close();
      return;
    }
    source.open(
      {
        documentId: citation.document_id,
        citation,
        citations: turn.answer.citations ?? [],
        turnId: turn.id,
      },
      opener,
    );
  },
  onFollowUp: (question) => submitFromPage(question),
  onEdit: (turn) => composer.edit(turn.question, turn.asOf),
  onRetry: (turn) => run(turn.id, turn.question, turn.asOf),
  announce,
});

function submitFromPage(question) {
  submit(question, composer.asOf());
  composer.focus();
}

function submit(question, asOf) {
  if (inFlight) {
    announce(t("composer.busy"));
    return;
  }
  const turn = {
    id: uniqueId("turn"),
    question,
    asOf,
    state: "waiting",
    startedAt: Date.now(),
    answer: null,
    error: null,
  };
  store.addTurn(turn);
  run(turn.id, question, asOf);
}

async function run(id, question, asOf) {
  if (inFlight) {
    announce(t("composer.busy"));
    return;
  }
  inFlight = new AbortController();
  composer.setBusy(true);
  store.updateTurn(id, { state: "waiting", startedAt: Date.now(), answer: null, error: null });
  // The retry button went away with the error: the focus needs a place that is still there.
  if (document.activeElement === document.body) composer.focus();
  announce(t("turn.announceWaiting"));
  let patch;
  let words;
  try {
    const answer = await ask(question, asOf, inFlight.signal);
    patch = { state: "done", answer };
    const said = saysOnlyMissing(answer) ? [] : (answer.statements ?? []).map((item) => item.text);
    const text = [...said, answer.missing].filter(Boolean).join(" ");
    words = t("answer.announce", { status: overallStatus(answer).words, text });
  } catch (error) {
    if (!(error instanceof ApiError)) console.error(error);
    patch = { state: "error", error };
    words = t("turn.announceError", { reason: errorWords(error) });
  }
  inFlight = null;
  composer.setBusy(false);
  store.updateTurn(id, patch);
  drawChrome();
  announce(words);
}

function drawChrome() {
  const { turns } = store.get();
  drawTools(byId("tools"), {
    hasTurns: turns.length > 0,
    busy: inFlight !== null,
    onDocuments: (opener) => documents.open(opener),
    onClear: () => {
      source.close();
      store.set({ turns: [] });
      announce(t("tools.cleared"));
      composer.focus();
    },
  });
  const welcome = byId("welcome");
  welcome.hidden = turns.length > 0;
  if (!welcome.hidden) {
    drawWelcome(welcome, store.get(), {
      onExample: submitFromPage,
      onDocuments: () => documents.open(byId("tool-documents")),
    });
  }
}

async function refreshStatus() {
  try {
    store.set({ status: await getStatus(), statusError: null });
  } catch (error) {
    store.set({ statusError: error });
  }
}

store.on("turns", (turns) => {
  drawChrome();
  thread.update(turns);
  source.refreshOpeners();
});
store.on("status", drawChrome);
store.on("statusError", drawChrome);
onLanguage(() => {
  drawChrome();
  source.refreshOpeners();
});

drawChrome();
refreshStatus();
// Ready to type, but on a very low window the welcome is what should be seen.
composer.focus({ preventScroll: true });
