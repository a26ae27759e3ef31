/**
 * Words and icons for the codes in the API's JSON.
 *
 * Tables rather than built-up keys, so that the tests can see every key in use, and so that a code
 * the page does not know is shown as it came instead of being hidden.
 */

import { t } from "./i18n.js";

const ANSWER_STATUS = {
  answered: { key: "answer.status.answered", icon: "verified", tone: "good" },
  // The next two are ours: "answered", said no stronger than the statements allow.
  partly: { key: "answer.status.partly", icon: "warning", tone: "warn" },
  calculated: { key: "answer.status.calculated", icon: "calculated", tone: "info" },
  insufficient_evidence: { key: "answer.status.insufficient", icon: "insufficient", tone: "warn" },
  needs_clarification: { key: "answer.status.clarify", icon: "clarify", tone: "info" },
  refused: { key: "answer.status.refused", icon: "refused", tone: "bad" },
};

const SUPPORT = {
  verified: { key: "support.verified", icon: "verified", tone: "good" },
  calculated: { key: "support.calculated", icon: "calculated", tone: "info" },
  unsupported: { key: "support.unsupported", icon: "warning", tone: "bad" },
};

const EFFECTIVE = { key: "source.status.effective", icon: "current", tone: "good" };
const SUPERSEDED = { key: "source.status.superseded", icon: "expired", tone: "bad", loud: true };
const REPEALED = { key: "source.status.repealed", icon: "expired", tone: "bad", loud: true };
const AMENDED = { key: "source.status.amended", icon: "warning", tone: "warn", loud: true };
const DRAFT = { key: "source.status.draft", icon: "draft", tone: "warn", loud: true };
const PENDING = { key: "source.status.pending", icon: "clock", tone: "warn", loud: true };
// Papers and protocols are neither in force nor out of it.
const UNDATED = { key: "source.status.current", icon: "info", tone: "plain" };
const UNKNOWN = { key: "source.status.unknown", icon: "info", tone: "plain" };

const SOURCE_STATUS = {
  effective: EFFECTIVE,
  current: UNDATED,
  in_force: EFFECTIVE,
  superseded: SUPERSEDED,
  repealed: REPEALED,
  expired: REPEALED,
  withdrawn: REPEALED,
  amended: AMENDED,
  revised: AMENDED,
  draft: DRAFT,
  pending: PENDING,
  future: PENDING,
  upcoming: PENDING,
  not_yet_effective: PENDING,
  unknown: UNKNOWN,
};

const KIND = {
  law: "kind.law",
  regulation: "kind.regulation",
  guideline: "kind.guideline",
  method: "kind.method",
  endpoint: "kind.endpoint",
  operation: "kind.operation",
  registry: "kind.registry",
  protocol: "kind.protocol",
  paper: "kind.paper",
  form: "kind.form",
  data: "kind.data",
  other: "kind.other",
};

const OUTCOME = {
  added: { key: "outcome.added", icon: "current", tone: "good" },
  updated: { key: "outcome.updated", icon: "current", tone: "good" },
  unchanged: { key: "outcome.unchanged", icon: "info", tone: "plain" },
  duplicate: { key: "outcome.duplicate", icon: "info", tone: "plain" },
  quarantined: { key: "outcome.quarantined", icon: "warning", tone: "warn" },
  unsupported: { key: "outcome.unsupported", icon: "warning", tone: "warn" },
  failed: { key: "outcome.failed", icon: "expired", tone: "bad" },
};

const STANDING = {
  changed: { key: "standing.changed", icon: "warning", tone: "warn" },
  removed: { key: "standing.removed", icon: "expired", tone: "bad" },
};

const STAGE = {
  searching: { key: "stage.searching" },
  reading: { key: "stage.reading" },
  checking: { key: "stage.checking" },
};

const VERDICT = {
  useful: { key: "feedback.useful", icon: "useful", tone: "good" },
  wrong: { key: "feedback.wrong", icon: "flag", tone: "bad" },
  missing_source: { key: "feedback.missing", icon: "source", tone: "warn" },
  other: { key: "feedback.other", icon: "talk", tone: "plain" },
};

/** Codes of feedback, in the order in which they are offered. */
export const VERDICTS = Object.keys(VERDICT);

function describe(table, code) {
  const known = Object.hasOwn(table, code ?? "") ? table[code] : null;
  if (!known) return { words: String(code ?? ""), icon: "info", tone: "plain", loud: false };
  return { words: t(known.key), icon: known.icon, tone: known.tone, loud: Boolean(known.loud) };
}

/** @param {string} code status of an answer */
export const answerStatus = (code) => describe(ANSWER_STATUS, code);

/**
 * The status of an answer, said no stronger than its weakest statement.
 *
 * @param {Object} answer
 */
export function overallStatus(answer) {
  const support = (answer.statements ?? []).map((item) => item.support);
  if (answer.status !== "answered" || !support.length) return answerStatus(answer.status);
  if (support.includes("unsupported")) return answerStatus("partly");
  if (support.every((item) => item === "calculated")) return answerStatus("calculated");
  return answerStatus("answered");
}

/** @param {string} code support of a statement */
export const supportLabel = (code) => describe(SUPPORT, code);

/** @param {string|null} code status of a source; empty when the index does not know */
export const sourceStatus = (code) => describe(SOURCE_STATUS, code || "unknown");

/**
 * What became of a source since it was cited; null when it still stands or was not looked up.
 *
 * @param {Object|undefined} standing
 */
export function standingLabel(standing) {
  return standing && standing.standing !== "stands" ? describe(STANDING, standing.standing) : null;
}

/** @param {string} code what the server is doing */
export const stageLabel = (code) => describe(STAGE, code).words;

/** @param {string} code what a reader says of an answer */
export const verdictLabel = (code) => describe(VERDICT, code);

/** @param {string} code what became of an uploaded file */
export const outcomeLabel = (code) => describe(OUTCOME, code);

/**
 * @param {string|null} code kind of document
 * @returns {string}
 */
export function kindLabel(code) {
  if (!code) return "";
  return Object.hasOwn(KIND, code) ? t(KIND[code]) : String(code);
}

/**
 * The place of a quote in words: article or section, page, sheet, line.
 *
 * @param {Object|null} locator
 * @returns {string}
 */
export function placeLabel(locator) {
  if (!locator) return "";
  const parts = [];
  if (locator.section) parts.push(locator.section);
  if (locator.page) parts.push(t("place.page", { n: locator.page }));
  if (locator.sheet) parts.push(t("place.sheet", { name: locator.sheet }));
  if (locator.cells) parts.push(locator.cells);
  if (!parts.length && locator.path) parts.push(locator.path);
  if (!parts.length && locator.line) parts.push(t("place.line", { n: locator.line }));
  return parts.join(" · ");
}

/**
 * From when to when a source holds, in words.
 *
 * @param {{effective_from?: string|null, effective_to?: string|null}} source
 * @returns {string}
 */
export function validityLabel(source) {
  const { effective_from: from, effective_to: to } = source;
  if (from && to) return t("validity.between", { from, to });
  if (from) return t("validity.from", { from });
  if (to) return t("validity.to", { to });
  return "";
}

/**
 * A title as a reader of the page's language expects it: 《…》 for Chinese titles.
 *
 * @param {string|null} title
 * @returns {string}
 */
export function titleLabel(title) {
  const words = title || t("source.untitled");
  return /[\u3400-\u9fff]/.test(words) && !words.includes("《") ? `《${words}》` : words;
}
