/** Turning failures into words that tell a person what to do. */

import { ApiError } from "./api.js";
import { t } from "./i18n.js";

const BY_KIND = {
  network: "error.network",
  timeout: "error.timeout",
  cancelled: "error.cancelled",
  server: "error.server",
  request: "error.request",
  format: "error.format",
};

const BY_STATUS = {
  401: "error.forbidden",
  403: "error.forbidden",
  404: "error.notFound",
  413: "error.tooLarge",
  429: "error.tooMany",
};

/**
 * One sentence or two for a failure: ours first, then what the server said, then its code.
 *
 * @param {Error} error
 * @returns {string}
 */
export function errorWords(error) {
  if (!(error instanceof ApiError)) return t("error.format");
  const key = BY_STATUS[error.status] ?? BY_KIND[error.kind] ?? "error.server";
  // For a refused request the server's own sentence says more than ours.
  const words = [error.kind === "request" && error.detail ? error.detail : t(key)];
  if (error.kind === "server" && error.detail) words.push(error.detail);
  const code = error.code || (error.status ? `HTTP ${error.status}` : "");
  if (code) words.push(t("error.code", { code }));
  return words.length > 1 ? `${words[0]} (${words.slice(1).join(" · ")})` : words[0];
}
