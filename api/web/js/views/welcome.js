/** The first screen: what this is, what it knows, what to ask. */

import { fill, h } from "../dom.js";
import { t, tn } from "../i18n.js";
import { iconButton } from "./parts.js";

const EXAMPLES = [
  "welcome.example1",
  "welcome.example2",
  "welcome.example3",
  "welcome.example4",
  "welcome.example5",
  "welcome.example6",
];

/**
 * Draw the welcome.
 *
 * @param {HTMLElement} root
 * @param {Object} state `status`, `statusError`
 * @param {Object} actions
 * @param {(question: string) => void} actions.onExample
 * @param {() => void} actions.onDocuments
 */
export function drawWelcome(root, { status, statusError }, { onExample, onDocuments }) {
  fill(
    root,
    h("p", { class: "welcome__title", text: t("page.name") }),
    h("p", { class: "welcome__line", text: t("welcome.line") }),
    h("p", { class: "welcome__status" }, statusWords(status, statusError)),
    status && status.documents === 0
      ? h(
          "div",
          { class: "welcome__empty" },
          h("p", { text: t("welcome.empty") }),
          iconButton("library", t("welcome.openDocuments"), { on: { click: onDocuments } }),
        )
      : null,
    h(
      "section",
      { "aria-labelledby": "examples-title" },
      h("h2", { id: "examples-title", class: "welcome__subtitle", text: t("welcome.examples") }),
      h(
        "ul",
        { class: "examples" },
        EXAMPLES.map((key) =>
          h(
            "li",
            {},
            h("button", {
              type: "button",
              class: "example",
              text: t(key),
              on: { click: () => onExample(t(key)) },
            }),
          ),
        ),
      ),
    ),
  );
}

function statusWords(status, error) {
  if (error) return t("welcome.offline");
  if (!status) return t("welcome.loading");
  const parts = [];
  if (Number.isFinite(status.documents)) parts.push(tn("welcome.documents", status.documents));
  if (Number.isFinite(status.chunks)) parts.push(tn("welcome.chunks", status.chunks));
  if (typeof status.newest_source === "string") {
    parts.push(t("welcome.newest", { date: status.newest_source.slice(0, 10) }));
  }
  return parts.join(" · ");
}
