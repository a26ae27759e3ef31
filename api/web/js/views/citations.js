/** The list of sources under an answer. */

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { kindLabel, placeLabel, sourceStatus, standingLabel, titleLabel, validityLabel } from "../labels.js";
import { statusBadge, validityBanner } from "./parts.js";
import { citationButton } from "./statement.js";

/**
 * Draw the sources; null when there are none.
 *
 * @param {Object[]} citations
 * @param {Object} turn its id, and what became of the sources since (`standing`, by number)
 * @param {(citation: Object, opener: HTMLElement) => void} onOpen
 * @returns {HTMLElement|null}
 */
export function drawSources(citations, turn, onOpen) {
  if (!citations.length) return null;
  return h(
    "section",
    { class: "sources" },
    h("h3", { class: "answer__subtitle", text: t("citation.sources") }),
    h("ol", { class: "sources__list" }, citations.map((citation) => source(citation, turn, onOpen))),
  );
}

/** What a note of ours was written from, and whether that was read in full. */
function basis(citation) {
  if (!citation.source) return null;
  const words = [t("citation.basis", { source: citation.source })];
  if (citation.verified === "secondary") words.push(t("citation.secondary"));
  return h("p", { class: "source-line__facts", text: words.join(" · ") });
}

/** What must be said of a source that was updated or removed, or whose validity changed, since. */
function laterChange(standing) {
  const label = standingLabel(standing);
  if (!label) return laterStatus(standing);
  const words = t(standing.standing === "removed" ? "standing.removedText" : "standing.changedText");
  return h("p", { class: "note" }, h("strong", { text: `${label.words}: ` }), words);
}

function laterStatus(standing) {
  if (!standing?.status_now || standing.status_now === standing.status_then) return null;
  const status = sourceStatus(standing.status_now).words;
  return h("p", { class: "note" }, t("standing.status", { status }));
}

function source(citation, turn, onOpen) {
  const turnId = turn.id;
  const standing = turn.standing?.get(citation.id);
  const place = placeLabel(citation.locator);
  const facts = [citation.publisher, kindLabel(citation.kind), validityLabel(citation)].filter(Boolean);
  return h(
    "li",
    { class: "source-line" },
    citationButton(citation, turnId, onOpen),
    h(
      "div",
      { class: "source-line__body" },
      h(
        "p",
        { class: "source-line__title" },
        h("button", {
          type: "button",
          class: "link source-line__name",
          text: titleLabel(citation.title),
          title: t("citation.open"),
          "aria-controls": "source-pane",
          "aria-expanded": "false",
          data: { cite: `${turnId}:${citation.id}` },
          on: { click: (event) => onOpen(citation, event.currentTarget) },
        }),
        place ? h("span", { class: "source-line__place", text: place }) : null,
        statusBadge(citation),
      ),
      facts.length ? h("p", { class: "source-line__facts", text: facts.join(" · ") }) : null,
      basis(citation),
      validityBanner(citation),
      laterChange(standing),
      citation.quote ? h("blockquote", { class: "quote", text: citation.quote }) : null,
    ),
  );
}
