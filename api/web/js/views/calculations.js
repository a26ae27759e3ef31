/** Calculations: method, inputs, results, published source. */

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { formatValue } from "../text.js";

/**
 * Draw the calculations of an answer; null when there are none.
 *
 * @param {Object[]} calculations
 * @returns {HTMLElement|null}
 */
export function drawCalculations(calculations) {
  if (!calculations.length) return null;
  return h(
    "section",
    { class: "calculations" },
    h("h3", { class: "answer__subtitle", text: t("answer.calculations") }),
    calculations.map((item) =>
      h(
        "div",
        { class: "calculation" },
        h("p", { class: "calculation__method" }, h("span", { class: "muted", text: `${t("answer.method")} ` }), item.method ?? ""),
        h(
          "div",
          { class: "calculation__tables" },
          values(t("answer.inputs"), item.inputs),
          values(t("answer.outputs"), item.outputs),
        ),
        item.reference
          ? h("p", { class: "calculation__reference" }, h("span", { class: "muted", text: `${t("answer.reference")} ` }), item.reference)
          : null,
      ),
    ),
  );
}

function values(caption, map) {
  const entries = Object.entries(map ?? {});
  if (!entries.length) return null;
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "values" },
      h("caption", { text: caption }),
      h(
        "tbody",
        {},
        entries.map(([name, value]) =>
          h("tr", {}, h("th", { scope: "row", text: name }), h("td", { text: formatValue(value) })),
        ),
      ),
    ),
  );
}
