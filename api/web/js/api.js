/**
 * The HTTP client: the only module that calls fetch.
 *
 * Addresses are relative to the page, so that Xinglin can stand behind a proxy under a path.
 */

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

async function request(path, { method = "GET", body, headers, signal, timeout } = {}) {
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
    return await readJson(response);
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

/**
 * Ask a question.
 *
 * @param {string} question
 * @param {string|null} asOf ISO date or null for today
 * @param {AbortSignal} [signal]
 * @returns {Promise<Object>} answer JSON
 */
export function ask(question, asOf, signal) {
  return request("v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asOf ? { question, as_of: asOf } : { question }),
    signal,
    timeout: ASK_TIMEOUT_MS,
  });
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
