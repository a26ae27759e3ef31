/** Small pieces that several views share. */

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { sourceStatus, titleLabel } from "../labels.js";

/**
 * A status by word and icon; colour only repeats what they say.
 *
 * @param {{words: string, icon: string, tone: string}} label
 * @returns {HTMLElement}
 */
export function badge(label) {
  return h("span", { class: `badge badge--${label.tone}` }, icon(label.icon), h("span", { text: label.words }));
}

/**
 * A button with an icon and words; with `quiet` the words are for screen readers and the tooltip.
 *
 * @param {string} iconName
 * @param {string} words
 * @param {{quiet?: boolean, class?: string, [name: string]: any}} [props]
 * @returns {HTMLButtonElement}
 */
export function iconButton(iconName, words, { quiet = false, class: extra = "", ...props } = {}) {
  return h(
    "button",
    {
      type: "button",
      class: `button ${quiet ? "button--quiet" : ""} ${extra}`.trim(),
      title: quiet ? words : null,
      ...props,
    },
    icon(iconName),
    h("span", { class: quiet ? "visually-hidden" : "button__words", text: words }),
  );
}

/**
 * What could not be done, why, and what to do now; screen readers say it at once.
 *
 * @param {string} title
 * @param {string} reason
 * @param {...(HTMLElement|null)} actions
 * @returns {HTMLElement}
 */
export function failureBox(title, reason, ...actions) {
  return h(
    "div",
    { class: "failure", role: "alert" },
    h("p", { class: "failure__title" }, icon("warning"), h("strong", { text: title })),
    h("p", { text: reason }),
    actions,
  );
}

/**
 * One line about an action that failed.
 *
 * @param {string} reason
 * @returns {HTMLElement}
 */
export function problemLine(reason) {
  return h("p", { class: "banner banner--bad", role: "alert" }, icon("warning"), h("span", { text: reason }));
}

// Papers, protocols and our own notes are not "in force": no badge says so when nothing is known.
const BINDING = new Set(["law", "regulation", "guideline"]);

/**
 * The badge for the validity of a source; null where there is nothing to say.
 *
 * @param {{status?: string|null, kind?: string|null}} source
 * @returns {HTMLElement|null}
 */
export function statusBadge(source) {
  const unknown = !source.status || source.status === "unknown";
  if (unknown && !BINDING.has(source.kind)) return null;
  return badge(sourceStatus(source.status));
}

const LOUD = {
  draft: "source.warnDraft",
  amended: "source.warnAmended",
  revised: "source.warnAmended",
  pending: "source.warnPending",
  future: "source.warnPending",
  upcoming: "source.warnPending",
  not_yet_effective: "source.warnPending",
};

/**
 * The banner for a source that must not be read as a present requirement; null when it may.
 *
 * @param {{status?: string, superseded_by?: string|null, notice?: string|null}} source
 * @returns {HTMLElement|null}
 */
export function validityBanner(source) {
  const label = sourceStatus(source.status);
  if (!label.loud && !source.notice && !source.superseded_by) return null;
  const lines = [];
  if (label.loud) lines.push(t(LOUD[source.status] ?? "source.warnOld"));
  if (source.notice) lines.push(source.notice);
  if (source.superseded_by) {
    lines.push(t("citation.replacedBy", { title: titleLabel(source.superseded_by) }));
  }
  const tone = label.loud ? label.tone : "warn";
  return h(
    "div",
    { class: `banner banner--${tone}` },
    icon(label.loud ? label.icon : "warning"),
    h(
      "div",
      { class: "banner__body" },
      h("strong", { text: label.loud ? label.words : t("answer.notice") }),
      lines.map((line) => h("p", { text: line })),
    ),
  );
}
