/** The buttons of the masthead: new conversation, conversations, documents, language. */

import { fill, h } from "../dom.js";
import { language, setLanguage, t } from "../i18n.js";
import { icon } from "../icons.js";
import { iconButton } from "./parts.js";

/**
 * Draw the tools.
 *
 * @param {HTMLElement} root
 * @param {Object} options
 * @param {boolean} options.hasTurns
 * @param {boolean} options.busy
 * @param {(opener: HTMLElement) => void} options.onTalks
 * @param {(opener: HTMLElement) => void} options.onDocuments
 * @param {() => void} options.onNew
 */
export function drawTools(root, { hasTurns, busy, onTalks, onDocuments, onNew }) {
  const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
  const other = language() === "zh" ? "en" : "zh";
  fill(
    root,
    hasTurns && !busy
      ? iconButton("fresh", t("tools.new"), { id: "tool-new", class: "button--plain", on: { click: onNew } })
      : null,
    iconButton("talk", t("talks.title"), {
      id: "tool-talks",
      class: "button--plain",
      "aria-haspopup": "dialog",
      on: { click: (event) => onTalks(event.currentTarget) },
    }),
    iconButton("library", t("tools.documents"), {
      id: "tool-documents",
      class: "button--plain",
      "aria-haspopup": "dialog",
      on: { click: (event) => onDocuments(event.currentTarget) },
    }),
    h(
      "button",
      {
        type: "button",
        id: "tool-language",
        class: "button button--plain",
        lang: other === "zh" ? "zh-CN" : "en",
        "aria-label": t("tools.languageLabel"),
        on: { click: () => setLanguage(other) },
      },
      icon("language"),
      h("span", { class: "button__words", text: t("tools.language") }),
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}
