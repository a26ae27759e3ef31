/** One statement with its citation buttons. */

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { placeLabel, sourceStatus, supportLabel } from "../labels.js";
import { badge } from "./parts.js";
import { drawPicture, drawRows } from "./exhibits.js";

/**
 * Draw a statement.
 *
 * @param {Object} statement
 * @param {Object[]} citations all citations of the answer
 * @param {string} turnId
 * @param {(citation: Object, opener: HTMLElement) => void} onOpen
 * @param {HTMLElement} feedback the button to comment on it
 * @returns {HTMLElement}
 */
export function drawStatement(statement, citations, turnId, onOpen, feedback) {
  const cited = (statement.citations ?? [])
    .map((id) => citations.find((citation) => citation.id === id))
    .filter(Boolean);
  // "Verified" stands once at the head of the answer; only what differs is labelled here.
  const label = statement.support && statement.support !== "verified" ? supportLabel(statement.support) : null;
  // A row of a table is read under its header, not as a line of text.
  const rows = cited.length === 1 ? cited[0].table : null;
  return h(
    "li",
    { class: `statement ${statement.support === "unsupported" ? "statement--unsupported" : ""}`.trim() },
    rows ? drawRows(rows) : h("span", { class: "statement__text", text: statement.text }),
    cited.map((citation) => [" ", citationButton(citation, turnId, onOpen)]),
    label ? [" ", badge(label)] : null,
    " ",
    feedback,
    cited.filter((citation) => citation.figure).map(drawPicture),
  );
}

/**
 * The `[n]` button that opens a source.
 *
 * @param {Object} citation
 * @param {string} turnId
 * @param {(citation: Object, opener: HTMLElement) => void} onOpen
 * @returns {HTMLButtonElement}
 */
export function citationButton(citation, turnId, onOpen) {
  const status = sourceStatus(citation.status);
  const values = {
    n: citation.id,
    title: citation.title ?? "",
    place: placeLabel(citation.locator),
    status: status.words,
  };
  const words = t(status.loud ? "citation.labelStatus" : "citation.label", values).trim();
  return h(
    "button",
    {
      type: "button",
      class: `cite ${status.loud ? `cite--${status.tone}` : ""}`.trim(),
      "aria-label": words,
      title: words,
      "aria-controls": "source-pane",
      "aria-expanded": "false",
      data: { cite: `${turnId}:${citation.id}` },
      on: { click: (event) => onOpen(citation, event.currentTarget) },
    },
    `[${citation.id}]`,
    status.loud ? icon("warning") : null,
  );
}
