/** Start of the page: makes the store and the views and joins them. */

import { ApiError, ask, getStatus } from "./api.js";
import {
  addressed,
  checkSources,
  ensureConversation,
  loadConversation,
  openable,
  setAddress,
} from "./conversation.js";
import { uniqueId } from "./dom.js";
import { errorWords } from "./errors.js";
import { initLanguage, onLanguage, t } from "./i18n.js";
import { overallStatus } from "./labels.js";
import { createStore } from "./store.js";
import { saysOnlyMissing } from "./text.js";
import { createComposer } from "./views/composer.js";
import { createDocuments } from "./views/documents.js";
import { createFeedback } from "./views/feedback.js";
import { createSourcePane } from "./views/source-pane.js";
import { createTalks } from "./views/talks.js";
import { createThread } from "./views/thread.js";
import { drawTools } from "./views/tools.js";
import { drawWelcome } from "./views/welcome.js";

const byId = (id) => document.getElementById(id);

const store = createStore({ turns: [], conversation: null, status: null, statusError: null });
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

const talks = createTalks(byId("talks"), byId("confirm"), {
  current: () => store.get().conversation,
  onOpen: (id) => openTalk(id),
  onNew: () => newTalk(),
  onDeleted: (id) => {
    if (id === store.get().conversation) newTalk({ replace: true });
  },
});

const feedback = createFeedback(byId("feedback"), {
  onSent: (turn, verdict) => {
    const now = store.get().turns.find((item) => item.id === turn.id);
    store.updateTurn(turn.id, { feedback: [...(now?.feedback ?? []), verdict] });
  },
  announce,
});

const thread = createThread(byId("thread"), byId("chat-scroll"), {
  onCitation: (turn, citation, opener) => {
    // The same button closes what it opened.
    if (opener.getAttribute("aria-expanded") === "true") {
      source.close();
      return;
    }
    const shown = (one) => openable(one, turn.standing?.get(one.id));
    source.open(
      {
        documentId: shown(citation).document_id,
        citation: shown(citation),
        citations: (turn.answer.citations ?? []).map(shown),
        turnId: turn.id,
      },
      opener,
    );
  },
  onFollowUp: (question) => submitFromPage(question),
  onEdit: (turn) => composer.edit(turn.question, turn.asOf),
  onRetry: (turn) => run(turn.id, turn.question, turn.asOf),
  onFeedback: (turn, given, opener) => feedback.give(turn, given, opener),
  announce,
});

/** Begin anew; the conversation that was open stays stored. */
function newTalk({ replace = false } = {}) {
  inFlight?.abort();
  source.close();
  setAddress(null, { replace });
  store.set({ turns: [], conversation: null });
  announce(t("tools.cleared"));
  composer.focus();
}

/** Open a stored conversation. */
async function openTalk(id, { replace = false } = {}) {
  inFlight?.abort();
  source.close();
  setAddress(id, { replace });
  store.set({ turns: [], conversation: id });
  announce(t("talks.opening"));
  try {
    const { conversation, turns } = await loadConversation(id);
    if (store.get().conversation !== id) return;
    store.set({ turns });
    announce(t("talks.opened", { title: conversation.title || t("talks.untitled") }));
    composer.focus({ preventScroll: true });
    await checkSources(turns, (turnId, standing) => store.updateTurn(turnId, { standing }));
  } catch (error) {
    if (!(error instanceof ApiError)) console.error(error);
    if (store.get().conversation !== id) return;
    setAddress(null, { replace: true });
    store.set({ turns: [], conversation: null });
    composer.warn(`${t("talks.openFailed")}: ${errorWords(error)}`);
  }
}

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
    number: null,
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
  const mine = new AbortController();
  inFlight = mine;
  composer.setBusy(true);
  store.updateTurn(id, {
    state: "waiting",
    startedAt: Date.now(),
    answer: null,
    error: null,
    stage: "",
    soFar: [],
  });
  // The retry button went away with the error: the focus needs a place that is still there.
  if (document.activeElement === document.body) composer.focus();
  announce(t("turn.announceWaiting"));
  let patch;
  let words;
  try {
    const conversationId = await ensureConversation(store.get().conversation, mine.signal);
    if (inFlight === mine && store.get().turns.some((turn) => turn.id === id)) {
      store.set({ conversation: conversationId });
      setAddress(conversationId, { replace: true });
    }
    const answer = await ask({ text: question, asOf, conversationId }, {
      signal: mine.signal,
      onStage: (stage) => store.updateTurn(id, { stage }),
      onStatement: (statement) => {
        const turn = store.get().turns.find((item) => item.id === id);
        store.updateTurn(id, { soFar: [...(turn?.soFar ?? []), statement] });
      },
    });
    patch = { state: "done", answer, number: answer.turn ?? null };
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
  if (!store.get().turns.some((turn) => turn.id === id)) return;
  drawChrome();
  announce(words);
}

function drawChrome() {
  const { turns } = store.get();
  drawTools(byId("tools"), {
    hasTurns: turns.length > 0,
    busy: inFlight !== null,
    onTalks: (opener) => talks.open(opener),
    onDocuments: (opener) => documents.open(opener),
    onNew: () => newTalk(),
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

/** The address changed: by the back button, or typed. */
function follow({ replace = false } = {}) {
  const id = addressed();
  if (id === store.get().conversation) return;
  if (id) openTalk(id, { replace });
  else newTalk({ replace: true });
}
window.addEventListener("popstate", () => follow());
window.addEventListener("hashchange", () => follow());

drawChrome();
refreshStatus();
if (addressed()) follow({ replace: true });
// Ready to type, but on a very low window the welcome is what should be seen.
composer.focus({ preventScroll: true });
