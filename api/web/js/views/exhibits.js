/** What an answer shows besides words: rows of a table under their header, and figures. */

import { h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * The quoted rows of a table.
 *
 * @param {{caption: string|null, header: string[][], rows: string[][]}} table
 * @returns {HTMLElement}
 */
export function drawRows(table) {
  const line = (tag, scope) => (cells) =>
    h("tr", {}, cells.map((cell) => h(tag, { scope, text: String(cell ?? "") })));
  return h(
    "div",
    { class: "table-scroll exhibit", tabindex: "0", role: "group", "aria-label": table.caption || t("answer.table") },
    h(
      "table",
      {},
      table.caption ? h("caption", { text: table.caption }) : null,
      table.header.length ? h("thead", {}, table.header.map(line("th", "col"))) : null,
      h("tbody", {}, table.rows.map(line("td", null))),
    ),
  );
}

/**
 * The picture of a cited figure; it takes itself away when the server has none.
 *
 * @param {Object} citation
 * @returns {HTMLElement}
 */
export function drawPicture(citation) {
  return picture(citation.document_id, citation.block, citation.quote);
}

/**
 * The picture of a block.
 *
 * @param {string} documentId
 * @param {number} block
 * @param {string} words what a screen reader says
 * @returns {HTMLElement}
 */
export function picture(documentId, block, words) {
  const image = h("img", {
    class: "exhibit exhibit--picture",
    src: `v1/documents/${encodeURIComponent(documentId)}/blocks/${block}/picture`,
    alt: words || t("source.figure"),
    loading: "lazy",
  });
  image.addEventListener("error", () => image.remove());
  return image;
}
