/** Blocks of a document as readable HTML, with the cited words marked. */

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { cut, locateQuote } from "../text.js";
import { picture } from "./exhibits.js";

/**
 * Draw blocks in reading order.
 *
 * @param {Object[]} blocks
 * @param {Object|null} citation marks its quote in block number `citation.block`
 * @param {string} documentId
 * @returns {{nodes: HTMLElement[], mark: HTMLElement|null, exact: boolean}} `mark` is what to
 *   scroll to; `exact` is false when only the block, not the words, could be marked
 */
export function drawBlocks(blocks, citation, documentId) {
  const nodes = [];
  let list = null;
  let mark = null;
  let exact = false;
  for (const block of blocks) {
    const cited = citation && block.ordinal === citation.block;
    const range = cited ? locateQuote(block.text ?? "", citation) : null;
    const node = drawBlock(block, range, documentId);
    node.dataset.block = String(block.ordinal);
    if (cited) {
      exact = range !== null && node.querySelector("mark") !== null;
      if (!exact) node.classList.add("block--cited");
      mark = node.querySelector("mark") ?? node;
    }
    if (block.kind === "list_item") {
      // Neighbouring items make one list, so that screen readers count them.
      if (!list) {
        list = h("ul", { class: "block-list" });
        nodes.push(list);
      }
      list.appendChild(node);
    } else {
      list = null;
      nodes.push(node);
    }
  }
  return { nodes, mark, exact };
}

function drawBlock(block, range, documentId) {
  const text = block.text ?? "";
  switch (block.kind) {
    case "heading": {
      // The pane's own title is h2; the document's outline goes below it.
      const level = Math.min(6, Math.max(1, block.level ?? 1) + 2);
      return h(`h${level}`, { class: "block block--heading" }, marked(text, range));
    }
    case "list_item":
      return h("li", { class: "block" }, marked(text, range));
    case "table":
      return drawTable(block, range);
    case "code":
      return h("pre", { class: "block block--code", tabindex: "0" }, h("code", {}, marked(text, range)));
    case "figure":
      return h(
        "figure",
        { class: "block block--figure" },
        hasPicture(block) ? picture(documentId, block.ordinal, text) : null,
        h("figcaption", {}, h("span", { class: "muted", text: `${t("source.figure")} ` }), marked(text, range)),
      );
    case "header":
    case "footnote":
      return h("p", { class: "block block--small" }, marked(text, range));
    default:
      return h("p", { class: "block" }, marked(text, range));
  }
}

function hasPicture(block) {
  const inFile = (block.flags ?? []).some((flag) => flag.startsWith("graphic:"));
  return inFile || Boolean(block.locator?.page && block.locator?.bbox);
}

function marked(text, range) {
  const { before, inside, after } = cut(text, range);
  if (!inside) return text;
  return [
    before,
    // Nothing but the quote goes inside, so that selecting and copying gives the source's words.
    h("mark", {}, inside),
    after,
  ];
}

/**
 * A table whose cells carry the highlight.
 *
 * The block's text is the caption and the rows, one a line, cells joined by " | ": offsets into it
 * are mapped onto the cells. If the text was put together otherwise, it is shown as it is.
 */
function drawTable(block, range) {
  const table = block.table;
  const rows = table?.rows ?? [];
  if (!rows.length) return h("pre", { class: "block block--code", tabindex: "0" }, marked(block.text ?? "", range));
  const layout = layOut(block.text ?? "", table);
  if (range && !layout) {
    return h("pre", { class: "block block--code", tabindex: "0" }, marked(block.text, range));
  }
  const local = (start) => (range && start !== null ? { start: range.start - start, end: range.end - start } : null);
  const at = (row, column) => (layout ? layout.cells[row][column] : null);
  const headerRows = table.header_rows ?? 0;
  const drawRow = (cells, index) =>
    h(
      "tr",
      {},
      cells.map((cell, column) =>
        h(
          index < headerRows ? "th" : "td",
          { scope: index < headerRows ? "col" : null },
          marked(String(cell ?? ""), local(at(index, column))),
        ),
      ),
    );
  return h(
    "div",
    { class: "block table-scroll", tabindex: "0", role: "group", "aria-label": table.caption || t("source.region") },
    h(
      "table",
      {},
      table.caption ? h("caption", {}, marked(table.caption, layout ? local(layout.caption) : null)) : null,
      headerRows ? h("thead", {}, rows.slice(0, headerRows).map((row, i) => drawRow(row, i))) : null,
      h("tbody", {}, rows.slice(headerRows).map((row, i) => drawRow(row, i + headerRows))),
    ),
    layout && layout.notes !== null
      ? h("p", { class: "block--small" }, marked(block.text.slice(layout.notes), local(layout.notes)))
      : null,
  );
}

function layOut(text, table) {
  const lines = table.rows.map((row) => row.map((cell) => String(cell ?? "")).join(" | "));
  const body = lines.join("\n");
  let offset = -1;
  let caption = null;
  if (table.caption && begins(text, `${table.caption}\n${body}`)) {
    caption = 0;
    offset = table.caption.length + 1;
  } else if (begins(text, body)) {
    offset = 0;
  }
  if (offset < 0) return null;
  const end = offset + body.length;
  const cells = table.rows.map((row) => {
    const starts = row.map((cell) => {
      const start = offset;
      offset += String(cell ?? "").length + 3;
      return start;
    });
    // The last cell is followed by a line end (1), not by a separator (3); a row may be empty.
    offset += row.length ? -2 : 1;
    return starts;
  });
  // Lines of notes may follow the rows.
  return { caption, cells, notes: end < text.length ? end + 1 : null };
}

function begins(text, start) {
  return text === start || text.startsWith(`${start}\n`);
}
