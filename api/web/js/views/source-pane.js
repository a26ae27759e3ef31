/**
 * The source pane: beside the answer on wide screens, a sheet over it on narrow ones.
 *
 * It shows where a quote stands: the page image with its box for PDFs, the text around it with the
 * words marked for everything else.
 */

import { fileUrl, getDocument } from "../api.js";
import { fill, h } from "../dom.js";
import { errorWords } from "../errors.js";
import { onLanguage, t } from "../i18n.js";
import { icon } from "../icons.js";
import { kindLabel, placeLabel, titleLabel, validityLabel } from "../labels.js";
import { failureBox, iconButton, statusBadge, validityBanner } from "./parts.js";
import { createSourceView } from "./source-view.js";

// The same conditions under which source.css lays the pane over the thread.
const NARROW = "(max-width: 800px), (max-height: 430px)";

/**
 * @typedef {Object} Target what to open
 * @property {string} documentId
 * @property {Object|null} citation null when a whole document is opened from the library
 * @property {Object[]} citations the answer's citations, for moving between them
 * @property {string|null} turnId
 */

/**
 * Make the pane.
 *
 * @param {HTMLElement} root
 * @param {Object} options
 * @param {HTMLElement[]} options.background made inert while the pane is a sheet
 * @param {() => void} options.onFocusLost where the focus goes when its opener is gone
 * @param {(message: string) => void} options.announce
 */
export function createSourcePane(root, { background, onFocusLost, announce }) {
  const narrow = matchMedia(NARROW);
  /** @type {Target|null} */
  let target = null;
  let opener = null;
  // Counts openings: what was asked for by an earlier one is dropped when it arrives.
  let generation = 0;

  async function open(next, openedBy) {
    target = next;
    opener = openedBy ?? opener;
    const mine = (generation += 1);
    keepInPlace(opener, () => {
      root.hidden = false;
      document.body.classList.add("has-source");
    });
    applyLayout();
    markOpeners();
    const shell = drawShell();
    shell.title.focus({ preventScroll: true });
    await load(mine, shell);
  }

  async function load(mine, shell) {
    try {
      const meta = await getDocument(target.documentId);
      if (mine !== generation) return;
      drawHeader(shell, meta);
      await createSourceView({
        meta,
        target,
        tools: shell.tools,
        body: shell.body,
        isStale: () => mine !== generation,
        onFail: (error) => drawFailure(shell, error),
      }).show();
      if (mine === generation) announce(t("source.opened", { title: titleLabel(title(meta)) }));
    } catch (error) {
      if (mine === generation) drawFailure(shell, error);
    }
  }

  function close() {
    if (root.hidden) return;
    generation += 1;
    const key = target?.citation ? `${target.turnId}:${target.citation.id}` : null;
    target = null;
    keepInPlace(opener, () => {
      root.hidden = true;
      document.body.classList.remove("has-source");
    });
    root.replaceChildren();
    applyLayout();
    markOpeners();
    // The opener may have been redrawn (language change) since: look for its successor.
    let back = opener?.isConnected ? opener : null;
    if (!back && key) back = document.querySelector(`[data-cite="${key}"]`);
    opener = null;
    // A reader who scrolled on is taken back to the citation that was left.
    if (back) back.focus();
    else onFocusLost();
  }

  function applyLayout() {
    const modal = !root.hidden && narrow.matches;
    for (const node of background) node.inert = modal;
    if (modal) {
      root.setAttribute("role", "dialog");
      root.setAttribute("aria-modal", "true");
    } else {
      root.setAttribute("role", "complementary");
      root.removeAttribute("aria-modal");
    }
  }

  function markOpeners() {
    const key = target?.citation ? `${target.turnId}:${target.citation.id}` : null;
    for (const node of document.querySelectorAll("[data-cite]")) {
      node.setAttribute("aria-expanded", String(node.dataset.cite === key));
    }
  }

  function title(meta) {
    return meta?.title || target?.citation?.title || meta?.path || "";
  }

  function drawShell() {
    const { citation, citations } = target;
    const heading = h("h2", {
      id: "source-title",
      class: "source__title",
      tabindex: "-1",
      text: titleLabel(citation?.title ?? ""),
    });
    const facts = h("div", { class: "source__facts" });
    const download = h("span");
    const tools = h("div", { class: "source__tools" });
    const body = h("div", {
      class: "source__body",
      tabindex: "0",
      role: "region",
      "aria-label": t("source.region"),
    });
    fill(
      root,
      h(
        "div",
        { class: "source__bar" },
        citation ? h("span", { class: "source__number", text: `[${citation.id}]` }) : icon("library"),
        citation && citations.length > 1 ? stepper() : h("span", { class: "source__step" }),
        download,
        iconButton("close", t("source.close"), { quiet: true, class: "source__close", on: { click: close } }),
      ),
      h("div", { class: "source__header" }, heading, facts),
      tools,
      body,
    );
    fill(body, h("p", { class: "muted", text: t("source.loading") }));
    return { title: heading, facts, download, tools, body };
  }

  function stepper() {
    const { citation, citations } = target;
    const index = citations.findIndex((item) => item.id === citation.id);
    const go = (step) => {
      const next = citations[index + step];
      if (next) open({ ...target, citation: next, documentId: next.document_id });
    };
    return h(
      "span",
      { class: "source__step" },
      iconButton("previous", t("source.previous"), {
        quiet: true,
        "aria-disabled": index <= 0 ? "true" : null,
        on: { click: () => go(-1) },
      }),
      h("span", { class: "muted", text: t("source.of", { n: index + 1, total: citations.length }) }),
      iconButton("next", t("source.next"), {
        quiet: true,
        "aria-disabled": index >= citations.length - 1 ? "true" : null,
        on: { click: () => go(1) },
      }),
    );
  }

  function drawHeader(shell, meta) {
    const { citation } = target;
    // The citation was judged at the answer's as-of date: its word goes before the document's.
    const source = { ...meta, ...pick(citation, ["status", "effective_from", "effective_to", "superseded_by", "notice"]) };
    shell.title.textContent = titleLabel(title(meta));
    fill(
      shell.download,
      h(
        "a",
        { class: "button source__download", href: fileUrl(target.documentId), download: fileName(meta) },
        icon("download"),
        h("span", { class: "button__words", text: t("source.download") }),
      ),
    );
    const facts = [kindLabel(meta.kind), meta.issuer || citation?.publisher, validityLabel(source)].filter(Boolean);
    const place = placeLabel(citation?.locator);
    fill(
      shell.facts,
      h("p", { class: "source__line" }, statusBadge(source), h("span", { text: facts.join(" · ") })),
      place ? h("p", { class: "source__place", text: place }) : null,
      validityBanner(source),
    );
  }

  function drawFailure(shell, error) {
    const quote = target.citation?.quote;
    fill(
      shell.body,
      failureBox(
        t("source.failed"),
        errorWords(error),
        iconButton("retry", t("turn.retry"), { on: { click: () => open(target) } }),
      ),
      quote ? [h("p", { class: "muted", text: t("source.keptQuote") }), h("blockquote", { class: "quote", text: quote })] : null,
    );
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || root.hidden || event.defaultPrevented) return;
    // A dialog above the pane takes its own Escape.
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    close();
  });
  narrow.addEventListener("change", applyLayout);
  onLanguage(() => {
    if (!target) return;
    // Redrawn in the new language; the focus stays on the language button.
    const keep = document.activeElement;
    open(target).catch(() => {});
    keep?.focus?.({ preventScroll: true });
  });

  return { open, close, refreshOpeners: markOpeners, documentId: () => target?.documentId ?? null };
}

/** Change the layout without moving the line being read: the columns' new width rewraps the thread. */
function keepInPlace(node, change) {
  const scroller = node?.isConnected ? node.closest(".chat__scroll") : null;
  const before = node?.getBoundingClientRect().top ?? 0;
  change();
  if (scroller) scroller.scrollTop += node.getBoundingClientRect().top - before;
}

function pick(object, names) {
  const picked = {};
  for (const name of names) {
    if (object?.[name] !== undefined && object[name] !== null) picked[name] = object[name];
  }
  return picked;
}

function fileName(meta) {
  return (meta.path ?? "").split("/").pop() || true;
}
