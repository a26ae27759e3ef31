/** Which conversation is open: kept in the address (#/c/ID), so that a reload brings it back. */

import { createConversation, getConversation, getSources } from "./api.js";
import { uniqueId } from "./dom.js";

const ADDRESS = /^#\/c\/([\w-]{1,64})$/;

/** @returns {string|null} the conversation that the address names */
export function addressed() {
  return ADDRESS.exec(location.hash)?.[1] ?? null;
}

/**
 * Write a conversation into the address.
 *
 * @param {string|null} id
 * @param {{replace?: boolean}} [options] `replace` leaves no step to go back to
 */
export function setAddress(id, { replace = false } = {}) {
  if (addressed() === id) return;
  const url = `${location.pathname}${location.search}${id ? `#/c/${id}` : ""}`;
  history[replace ? "replaceState" : "pushState"](null, "", url);
}

/**
 * The id of the open conversation, begun when there is none yet.
 *
 * @param {string|null} id
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export async function ensureConversation(id, signal) {
  return id ?? (await createConversation(signal)).id;
}

/**
 * A stored conversation as turns of the thread.
 *
 * @param {string} id
 * @returns {Promise<{conversation: Object, turns: Object[]}>}
 */
export async function loadConversation(id) {
  const { conversation, turns } = await getConversation(id);
  return {
    conversation,
    turns: turns.map(({ number, answer }) => ({
      id: uniqueId("turn"),
      number,
      question: answer.question,
      asOf: null,
      state: "done",
      startedAt: 0,
      answer,
      error: null,
    })),
  };
}

/**
 * What became of the sources of stored answers; answers without sources are passed over.
 *
 * @param {Object[]} turns
 * @param {(turnId: string, standing: Map<number, Object>) => void} onFound
 */
export async function checkSources(turns, onFound) {
  for (const turn of turns) {
    if (!turn.answer?.citations?.length) continue;
    try {
      const sources = await getSources(turn.answer.answer_id);
      onFound(turn.id, new Map(sources.map((item) => [item.citation, item])));
    } catch {
      // The quotes stay as they were given; only the remark about later changes is missing.
    }
  }
}

/**
 * A citation as it can be opened now: in the version of its document that is there today.
 *
 * @param {Object} citation
 * @param {Object|undefined} standing
 * @returns {Object}
 */
export function openable(citation, standing) {
  if (standing?.standing !== "changed" || !standing.document_id) return citation;
  const { section } = citation.locator ?? {};
  return {
    ...citation,
    document_id: standing.document_id,
    block: standing.block ?? citation.block,
    block_start: undefined,
    block_end: undefined,
    locator: section ? { section } : {},
  };
}
