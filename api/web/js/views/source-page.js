/** A page of a PDF as an image, with the cited place boxed by the server. */

import { pageImageUrl } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { titleLabel } from "../labels.js";

/**
 * Draw the image of a page.
 *
 * @param {Object} options
 * @param {string} options.documentId
 * @param {string} options.title
 * @param {number} options.page
 * @param {number[]|null} options.bbox box of the quote, on the cited page only
 * @param {() => void} options.onFail called when the image does not load
 * @param {() => void} options.onLoad
 * @returns {HTMLElement}
 */
export function drawPageImage({ documentId, title, page, bbox, onFail, onLoad }) {
  // Two device pixels to a PDF point keeps small print legible without sending megabytes.
  const key = bbox ? "source.pageImageBoxed" : "source.pageImage";
  return h("img", {
    class: "page-image",
    src: pageImageUrl(documentId, page, bbox, 2),
    alt: t(key, { n: page, title: titleLabel(title) }),
    on: { error: onFail, load: onLoad },
  });
}
