/** The documents drawer: what the index holds, adding to it, taking from it. */

import { deleteDocument, listDocuments } from "../api.js";
import { fill, h } from "../dom.js";
import { errorWords } from "../errors.js";
import { onLanguage, t, tn } from "../i18n.js";
import { kindLabel, sourceStatus, titleLabel, validityLabel } from "../labels.js";
import { confirmAction } from "./confirm.js";
import { failureBox, iconButton, problemLine, statusBadge } from "./parts.js";
import { drawUpload, drawUploadResults } from "./upload.js";

// A list of thousands is of no use to read and slow to draw; the filter narrows it.
const MOST = 200;

/**
 * Make the drawer.
 *
 * @param {HTMLDialogElement} dialog
 * @param {HTMLDialogElement} confirmDialog
 * @param {Object} options
 * @param {(document: Object, opener: HTMLElement|null) => void} options.onOpen
 * @param {() => void} options.onChanged called when documents came or went
 * @param {(id: string) => void} options.onDeleted
 */
export function createDocuments(dialog, confirmDialog, { onOpen, onChanged, onDeleted }) {
  const memory = { busy: 0, results: [], error: null };
  let documents = null;
  let total = 0;
  let failure = null;
  let query = "";
  let opener = null;
  let parts = null;

  async function open(openedBy) {
    opener = openedBy;
    draw();
    dialog.showModal();
    parts.title.focus();
    await load();
  }

  async function load() {
    failure = null;
    try {
      ({ documents, total } = await listDocuments());
    } catch (error) {
      failure = error;
    }
    drawList();
  }

  function draw() {
    const title = h("h2", { id: "documents-title", tabindex: "-1", text: t("documents.title") });
    const results = h("div", { class: "upload__outcome" });
    const count = h("p", { class: "muted documents__count", role: "status" });
    const list = h("div", { class: "documents__list" });
    const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    parts = { title, results, count, list, live };
    // A modal dialog hides the page's own announcer from screen readers, hence one in here.
    const announce = (words) => {
      live.textContent = words;
    };
    parts.announce = announce;
    fill(
      dialog,
      h(
        "div",
        { class: "drawer__bar" },
        title,
        iconButton("close", t("documents.close"), { quiet: true, on: { click: () => dialog.close() } }),
      ),
      h(
        "div",
        { class: "drawer__body" },
        drawUpload({ memory, onChange: () => drawUploadResults(parts.results, memory), onUploaded: uploaded, announce }),
        results,
        h(
          "div",
          { class: "documents__filter" },
          h("label", { for: "documents-filter", text: t("documents.filter") }),
          h("input", {
            id: "documents-filter",
            type: "search",
            class: "field",
            placeholder: t("documents.filterPlaceholder"),
            value: query,
            on: {
              input: (event) => {
                query = event.currentTarget.value;
                drawList();
              },
            },
          }),
          count,
        ),
        list,
      ),
      live,
    );
    drawUploadResults(results, memory);
    drawList();
  }

  function uploaded() {
    onChanged();
    load();
  }

  function matching() {
    const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return documents.filter((item) => {
      const text = [item.title, item.path, item.issuer, item.kind, kindLabel(item.kind), sourceStatus(item.status).words]
        .filter(Boolean)
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  function drawList() {
    if (!parts) return;
    const { list, count } = parts;
    if (failure) {
      count.textContent = "";
      fill(
        list,
        failureBox(
          t("documents.failed"),
          errorWords(failure),
          iconButton("retry", t("turn.retry"), { on: { click: () => load() } }),
        ),
      );
      return;
    }
    if (!documents) {
      count.textContent = t("documents.loading");
      list.replaceChildren();
      return;
    }
    const found = matching();
    count.textContent = query.trim()
      ? t("documents.matching", { n: found.length, total })
      : tn("documents.count", total);
    fill(
      list,
      found.length
        ? h("ul", { class: "documents" }, found.slice(0, MOST).map(row))
        : h("p", { class: "muted", text: t(documents.length ? "documents.none" : "documents.empty") }),
      found.length > MOST ? h("p", { class: "muted", text: t("documents.more", { n: found.length - MOST }) }) : null,
    );
  }

  function row(item) {
    const name = titleLabel(item.title || item.path);
    const facts = [
      kindLabel(item.kind),
      item.issuer,
      validityLabel(item),
      Number.isFinite(item.pages) && item.pages ? tn("documents.pages", item.pages) : null,
      Number.isFinite(item.blocks) ? tn("documents.blocks", item.blocks) : null,
    ].filter(Boolean);
    return h(
      "li",
      { class: "document" },
      h(
        "div",
        { class: "document__body" },
        h(
          "p",
          { class: "document__title" },
          h("button", {
            type: "button",
            class: "link",
            text: name,
            title: t("documents.open"),
            on: {
              click: () => {
                const back = opener;
                // The focus goes to the source now, not back to the drawer's button.
                opener = null;
                dialog.close();
                onOpen(item, back);
              },
            },
          }),
          statusBadge(item),
        ),
        h("p", { class: "document__facts", text: facts.join(" · ") }),
        item.superseded_by
          ? h("p", { class: "document__facts", text: t("citation.replacedBy", { title: titleLabel(item.superseded_by) }) })
          : null,
        h("p", { class: "document__path", text: item.path ?? "" }),
      ),
      iconButton("trash", t("documents.deleteLabel", { title: name }), {
        quiet: true,
        on: { click: () => remove(item, name) },
      }),
    );
  }

  async function remove(item, name) {
    const sure = await confirmAction(confirmDialog, {
      title: t("documents.deleteTitle"),
      text: t("documents.deleteText", { title: name }),
      yes: t("documents.deleteConfirm"),
      no: t("documents.deleteCancel"),
    });
    if (!sure) return;
    parts.announce(t("documents.deleting"));
    try {
      await deleteDocument(item.id);
      documents = documents.filter((other) => other.id !== item.id);
      total -= 1;
      parts.announce(t("documents.deleted", { title: name }));
      drawList();
      onDeleted(item.id);
      onChanged();
    } catch (error) {
      const reason = t("documents.deleteFailed", { reason: errorWords(error) });
      parts.announce(reason);
      fill(parts.results, problemLine(reason));
    }
    // The deleted row took its button with it: the focus needs a place that is still there.
    if (!dialog.contains(document.activeElement) || document.activeElement === dialog) parts.title.focus();
  }

  dialog.addEventListener("click", (event) => {
    // A click on the backdrop reaches the dialog itself.
    if (event.target === dialog) dialog.close();
  });
  // A file dropped beside the area would otherwise replace the page.
  for (const name of ["dragover", "drop"]) dialog.addEventListener(name, (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    if (!opener) return;
    // The button may have been redrawn while the drawer was open.
    (opener.isConnected ? opener : document.getElementById(opener.id))?.focus();
  });
  onLanguage(() => {
    if (dialog.open) draw();
  });

  return { open };
}
