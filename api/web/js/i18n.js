/** The two languages of the page: Chinese first, English on request. */

import en from "./strings/en.js";
import zh from "./strings/zh.js";

const STRINGS = { zh, en };
const HTML_LANG = { zh: "zh-CN", en: "en" };
const STORAGE_KEY = "xinglin.language";
const listeners = new Set();
let current = "zh";

/** @returns {"zh"|"en"} */
export function language() {
  return current;
}

/**
 * The words for a key, with `{name}` replaced from `values`.
 *
 * A missing key shows itself: easy to see, and the tests compare the two files.
 *
 * @param {string} key
 * @param {Object<string, any>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const words = STRINGS[current][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * The words for a count: `key.one` or `key.other`.
 *
 * @param {string} key
 * @param {number} n
 * @param {Object<string, any>} [values]
 * @returns {string}
 */
export function tn(key, n, values = {}) {
  return t(`${key}.${n === 1 ? "one" : "other"}`, { n, ...values });
}

/** Read the stored choice and translate the static page. Call once at start. */
export function initLanguage() {
  let stored = null;
  try {
    stored = localStorage.getItem(STORAGE_KEY);
  } catch {
    // Storage may be blocked by policy; the page then starts in Chinese each time.
  }
  current = stored === "en" ? "en" : "zh";
  translatePage();
}

/**
 * Switch the language, remember it, and let the views redraw.
 *
 * @param {"zh"|"en"} next
 */
export function setLanguage(next) {
  if (!(next in STRINGS) || next === current) return;
  current = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // See initLanguage.
  }
  translatePage();
  for (const listener of listeners) listener(next);
}

/** @param {(language: "zh"|"en") => void} listener called after each change */
export function onLanguage(listener) {
  listeners.add(listener);
}

function translatePage() {
  document.documentElement.lang = HTML_LANG[current];
  document.title = t("page.title");
  for (const node of document.querySelectorAll("[data-i18n]")) {
    node.textContent = t(node.dataset.i18n);
  }
}
