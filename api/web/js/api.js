/**
 * The HTTP client: the only module that calls fetch.
 *
 * Addresses are relative to the page, so that Xinglin can stand behind a proxy under a path.
 */

import { readEvents } from "./sse.js";

const ASK_TIMEOUT_MS = 300_000;
const READ_TIMEOUT_MS = 60_000;

/** A failure that a person can act on. `code` is the server's, or one of ours (see `kind`). */
export class ApiError extends Error {
  /**
   * @param {"network"|"timeout"|"cancelled"|"server"|"request"|"format"} kind
   * @param {{status?: number, code?: string, message?: string}} [details]
   */
  constructor(kind, { status = 0, code = "", message = "" } = {}) {
    super(message || kind);
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.detail = message;
  }
}

async function request(path, { method = "GET", body, headers, signal, timeout, read = readJson } = {}) {
  const aborter = new AbortController();
  let timedOut = false;
  const cancel = () => aborter.abort();
  signal?.addEventListener("abort", cancel);
  const timer = timeout
    ? setTimeout(() => {
        timedOut = true;
        aborter.abort();
      }, timeout)
    : null;
  try {
    const response = await fetch(path, {
      method,
      body,
      headers: { Accept: "application/json", ...headers },
      credentials: "same-origin",
      signal: aborter.signal,
    });
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (timedOut) throw new ApiError("timeout");
    if (aborter.signal.aborted) throw new ApiError("cancelled");
    throw new ApiError("network", { message: error?.message });
  } finally {
    if (timer) clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

async function readJson(response) {
  const text = await response.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's HTML error page, for instance; handled below.
  }
  if (response.ok) {
    if (data === null || typeof data !== "object") {
      throw new ApiError("format", { status: response.status });
    }
    return data;
  }
  throw new ApiError(response.status >= 500 ? "server" : "request", {
    status: response.status,
    code: typeof data?.error?.code === "string" ? data.error.code : "",
    message: typeof data?.error?.message === "string" ? data.error.message : "",
  });
}

const documentPath = (id) => `v1/documents/${encodeURIComponent(id)}`;

const conversationPath = (id) => `v1/conversations/${encodeURIComponent(id)}`;

function json(method, value, options = {}) {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value), ...options };
}

/**
 * Ask a question.
 *
 * The answer comes as events when the server sends them, else as one piece of JSON.
 *
 * @param {Object} question
 * @param {string} question.text
 * @param {string|null} question.asOf ISO date or null for today
 * @param {string|null} question.conversationId
 * @param {Object} options
 * @param {AbortSignal} [options.signal]
 * @param {(stage: string) => void} [options.onStage]
 * @param {(statement: Object) => void} [options.onStatement] what passed its checks so far
 * @returns {Promise<Object>} answer JSON
 */
export function ask({ text, asOf, conversationId }, { signal, onStage, onStatement } = {}) {
  const body = { question: text };
  if (asOf) body.as_of = asOf;
  if (conversationId) body.conversation_id = conversationId;
  return request("v1/ask", json("POST", body, {
    headers: { "Content-Type": "application/json", Accept: "text/event-stream, application/json" },
    signal,
    timeout: ASK_TIMEOUT_MS,
    read: (response) => readAnswer(response, { onStage, onStatement }),
  }));
}

async function readAnswer(response, { onStage, onStatement }) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok || !type.includes("text/event-stream")) return readJson(response);
  for await (const { event, data } of readEvents(response.body)) {
    if (event === "status") onStage?.(String(data?.stage ?? ""));
    else if (event === "statement") onStatement?.(data);
    else if (event === "answer") return data;
    else if (event === "error") {
      throw new ApiError("server", { code: data?.error?.code ?? "", message: data?.error?.message ?? "" });
    }
  }
  throw new ApiError("format", { status: response.status });
}

/**
 * @param {{q?: string, offset?: number, limit?: number}} [page]
 * @returns {Promise<{conversations: Object[], total: number}>} the latest first
 */
export async function listConversations({ q = "", offset = 0, limit = 50 } = {}) {
  const query = new URLSearchParams({ q, offset: String(offset), limit: String(limit) });
  const data = await request(`v1/conversations?${query}`, { timeout: READ_TIMEOUT_MS });
  return { conversations: data.conversations ?? [], total: data.total ?? 0 };
}

/** @returns {Promise<Object>} a new conversation */
export function createConversation(signal) {
  return request("v1/conversations", json("POST", {}, { signal, timeout: READ_TIMEOUT_MS }));
}

/**
 * @param {string} id
 * @returns {Promise<{conversation: Object, turns: Object[]}>}
 */
export function getConversation(id) {
  return request(conversationPath(id), { timeout: READ_TIMEOUT_MS });
}

/**
 * @param {string} id
 * @param {string} title
 * @returns {Promise<Object>} the conversation
 */
export function renameConversation(id, title) {
  return request(conversationPath(id), json("PATCH", { title }, { timeout: READ_TIMEOUT_MS }));
}

/**
 * @param {string} id
 * @returns {Promise<Object>}
 */
export function deleteConversation(id) {
  return request(conversationPath(id), { method: "DELETE", timeout: READ_TIMEOUT_MS });
}

/**
 * Address of a conversation as a file.
 *
 * @param {string} id
 * @param {"markdown"|"json"} format
 * @returns {string}
 */
export function exportUrl(id, format) {
  return `${conversationPath(id)}/export?format=${format}`;
}

/**
 * @param {string} answerId
 * @returns {Promise<Object[]>} what became of each citation since
 */
export async function getSources(answerId) {
  const path = `v1/answers/${encodeURIComponent(answerId)}/sources`;
  const data = await request(path, { timeout: READ_TIMEOUT_MS });
  return data.sources ?? [];
}

/**
 * @param {{answer_id: string, verdict: string, statement?: number|null, comment?: string,
 *   suggested_source?: string}} feedback
 * @returns {Promise<Object>}
 */
export function sendFeedback(feedback) {
  return request("v1/feedback", json("POST", feedback, { timeout: READ_TIMEOUT_MS }));
}

/** @returns {Promise<Object>} version, counts, snapshot, embedder */
export function getStatus() {
  return request("v1/status", { timeout: READ_TIMEOUT_MS });
}

/** @returns {Promise<{documents: Object[], total: number}>} */
export async function listDocuments() {
  const data = await request("v1/documents", { timeout: READ_TIMEOUT_MS });
  const documents = Array.isArray(data.documents) ? data.documents : [];
  return { documents, total: data.total ?? documents.length };
}

/**
 * @param {string} id
 * @returns {Promise<Object>} the document's metadata
 */
export async function getDocument(id) {
  const data = await request(documentPath(id), { timeout: READ_TIMEOUT_MS });
  return data.document ?? data;
}

/**
 * @param {string} id
 * @param {number} start first ordinal
 * @param {number} limit
 * @returns {Promise<{blocks: Object[], total: number}>}
 */
export async function getBlocks(id, start, limit) {
  const query = new URLSearchParams({ start: String(start), limit: String(limit) });
  const data = await request(`${documentPath(id)}/blocks?${query}`, { timeout: READ_TIMEOUT_MS });
  const blocks = Array.isArray(data.blocks) ? data.blocks : [];
  return { blocks, total: data.total ?? start + blocks.length };
}

/**
 * Send files to be read into the index. No time limit: scans take minutes.
 *
 * @param {Iterable<File>} files
 * @returns {Promise<Object[]>} one result a file
 */
export async function uploadDocuments(files) {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  const data = await request("v1/documents", { method: "POST", body });
  return Array.isArray(data.results) ? data.results : [];
}

/**
 * @param {string} id
 * @returns {Promise<Object>}
 */
export function deleteDocument(id) {
  return request(documentPath(id), { method: "DELETE", timeout: READ_TIMEOUT_MS });
}

/**
 * Address of a page image, with the cited place boxed.
 *
 * @param {string} id
 * @param {number} page
 * @param {number[]|null} bbox
 * @param {number} scale
 * @returns {string}
 */
export function pageImageUrl(id, page, bbox, scale) {
  const query = new URLSearchParams({ scale: String(scale) });
  if (Array.isArray(bbox) && bbox.length === 4) query.set("bbox", bbox.join(","));
  return `${documentPath(id)}/pages/${page}.png?${query}`;
}

/**
 * Address of the original file.
 *
 * @param {string} id
 * @returns {string}
 */
export function fileUrl(id) {
  return `${documentPath(id)}/file`;
}
