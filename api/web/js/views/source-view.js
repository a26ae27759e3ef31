/** The inside of the source pane: pages of a PDF, or a window of text around the quote. */

import { createBlockReader } from "../block-reader.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { iconButton } from "./parts.js";
import { drawPageImage } from "./source-page.js";
import { drawBlocks } from "./source-text.js";

// Blocks read before and after the cited one, and with each "show more".
const BEFORE = 30;
const AFTER = 50;
const STEP = 60;

/**
 * Make the view of a document.
 *
 * @param {Object} options
 * @param {Object} options.meta the document's metadata
 * @param {import("./source-pane.js").Target} options.target what was asked for
 * @param {HTMLElement} options.tools place for the page controls
 * @param {HTMLElement} options.body place for the page or the text; scrolls
 * @param {() => boolean} options.isStale whether something else was opened since
 * @param {(error: Error) => void} options.onFail
 * @returns {{show: () => Promise<void>}}
 */
export function createSourceView({ meta, target, tools, body, isStale, onFail }) {
  const { citation, documentId } = target;
  const reader = createBlockReader(documentId);
  const title = meta.title || citation?.title || meta.path || "";
  const hasPages = meta.media_type === "application/pdf" || (meta.media_type ?? "").startsWith("image/");
  const citedPage = citation?.locator?.page ?? null;
  const paged = hasPages && (citedPage !== null || !citation);
  let page = citedPage ?? 1;
  let mode = "page";
  let near = citation?.block ?? 0;
  let start = Math.max(0, (citation?.block ?? 0) - BEFORE);
  let end = (citation?.block ?? 0) + AFTER;
  let first = true;

  async function show() {
    drawTools();
    if (!paged) await showText();
    else if (mode === "page") showImage();
    else await showPageText();
  }

  function drawTools() {
    const active = tools.contains(document.activeElement) ? document.activeElement.dataset.tool : null;
    fill(tools, paged ? [modeSwitch(), pageSteps()] : null);
    if (active) tools.querySelector(`[data-tool="${active}"]`)?.focus();
  }

  function modeSwitch() {
    const choice = (value, words) =>
      h("button", {
        type: "button",
        class: "segment",
        "aria-pressed": String(mode === value),
        text: words,
        data: { tool: `mode-${value}` },
        on: {
          click: () => {
            mode = value;
            run(show());
          },
        },
      });
    return h(
      "div",
      { class: "segments", role: "group", "aria-label": t("source.view") },
      choice("page", t("source.viewPage")),
      choice("text", t("source.viewText")),
    );
  }

  function pageSteps() {
    const go = (next) => {
      if (next < 1 || (meta.pages && next > meta.pages)) return;
      page = next;
      run(show());
    };
    const words = meta.pages
      ? t("source.pageOf", { n: page, total: meta.pages })
      : t("source.pageAt", { n: page });
    return h(
      "div",
      { class: "page-steps" },
      iconButton("previous", t("source.pagePrevious"), {
        quiet: true,
        "aria-disabled": page <= 1 ? "true" : null,
        data: { tool: "page-previous" },
        on: { click: () => go(page - 1) },
      }),
      h("span", { role: "status", text: words }),
      iconButton("next", t("source.pageNext"), {
        quiet: true,
        "aria-disabled": meta.pages && page >= meta.pages ? "true" : null,
        data: { tool: "page-next" },
        on: { click: () => go(page + 1) },
      }),
      citedPage !== null && page !== citedPage
        ? h("button", {
            type: "button",
            class: "button button--text",
            text: t("source.pageBack"),
            data: { tool: "page-back" },
            on: { click: () => go(citedPage) },
          })
        : null,
    );
  }

  function showImage() {
    const shown = page;
    const bbox = page === citedPage ? (citation?.locator?.bbox ?? null) : null;
    const image = drawPageImage({
      documentId,
      title,
      page,
      bbox,
      onLoad: () => {
        if (!isStale() && page === shown) scrollToBox(image, bbox);
      },
      onFail: () => {
        if (isStale() || page !== shown || mode !== "page") return;
        mode = "text";
        run(show().then(() => body.prepend(h("p", { class: "note", text: t("source.pageFailed") }))));
      },
    });
    fill(body, image);
    body.scrollTop = 0;
  }

  function scrollToBox(image, bbox) {
    if (!bbox) return;
    // The image is drawn at two pixels a point (see source-page.js); bring the box into view.
    const top = (bbox[1] * 2 * image.clientHeight) / image.naturalHeight;
    body.scrollTop = Math.max(0, image.offsetTop + top - body.clientHeight / 3);
  }

  async function showPageText() {
    const shown = page;
    fill(body, h("p", { class: "muted", text: t("source.loading") }));
    const blocks = await reader.pageBlocks(page, near);
    if (isStale() || page !== shown || mode !== "text") return;
    if (blocks.length) near = blocks[0].ordinal;
    const drawn = drawBlocks(blocks, citation, documentId);
    fill(
      body,
      blocks.length ? null : h("p", { class: "muted", text: t("source.pageEmpty") }),
      drawn.mark && !drawn.exact ? h("p", { class: "note", text: t("source.inexact") }) : null,
      drawn.nodes,
    );
    body.scrollTop = 0;
    drawn.mark?.scrollIntoView({ block: "center" });
  }

  async function showText() {
    const blocks = await reader.range(start, end);
    if (isStale()) return;
    const drawn = drawBlocks(blocks, citation, documentId);
    const later = iconButton("down", t("source.later"), {
      class: "source__more",
      data: { more: "later" },
      on: { click: () => run(extend(0, STEP)) },
    });
    const earlier = iconButton("up", t("source.earlier"), {
      class: "source__more",
      data: { more: "earlier" },
      on: { click: () => run(extend(STEP, 0)) },
    });
    fill(
      body,
      blocks.length ? null : h("p", { class: "muted", text: t("source.empty") }),
      citation && blocks.length && !drawn.mark ? h("p", { class: "note", text: t("source.notFound") }) : null,
      drawn.mark && !drawn.exact ? h("p", { class: "note", text: t("source.inexact") }) : null,
      start > 0 ? earlier : null,
      drawn.nodes,
      end < reader.total() ? later : null,
    );
    if (first) {
      first = false;
      body.scrollTop = 0;
      drawn.mark?.scrollIntoView({ block: "center" });
    }
  }

  async function extend(up, down) {
      // Keep what is being read where it is while text is added above it.
    const anchor = body.querySelector("[data-block]");
    const ordinal = anchor?.dataset.block;
    const before = anchor?.getBoundingClientRect().top ?? 0;
    const scrolled = body.scrollTop;
    start = Math.max(0, start - up);
    end += down;
    await showText();
    if (isStale()) return;
    body.scrollTop = scrolled;
    const after = body.querySelector(`[data-block="${ordinal}"]`)?.getBoundingClientRect().top ?? before;
    body.scrollTop += after - before;
    const more = body.querySelector(`[data-more="${up ? "earlier" : "later"}"]`) ?? body;
    more.focus({ preventScroll: true });
  }

  function run(promise) {
    promise.catch((error) => {
      if (!isStale()) onFail(error);
    });
  }

  return { show };
}
