/** Calculations: method, inputs, results, what was agreed, formula, source, the command to repeat. */

import { copyText } from "../clipboard.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { formatValue } from "../text.js";

/**
 * Draw the calculations of an answer; null when there are none.
 *
 * The first is the one that answers and is open; the others, by other methods, open on demand.
 *
 * @param {Object[]} calculations
 * @returns {HTMLElement|null}
 */
export function drawCalculations(calculations) {
  // What was only asked for so far (criteria still to be confirmed) has no results.
  calculations = calculations.filter((item) => Object.keys(item.outputs ?? {}).length);
  if (!calculations.length) return null;
  return h(
    "section",
    { class: "calculations" },
    h("h3", { class: "answer__subtitle", text: t("answer.calculations") }),
    calculations.map((item, place) =>
      h(
        "details",
        { class: "calculation", open: place === 0 },
        h("summary", { class: "calculation__method" }, h("span", { class: "muted", text: `${t("answer.method")} ` }), named(item, calculations[0])),
        h("div", { class: "calculation__body" }, body(item)),
      ),
    ),
  );
}

/** The method, and by which convention it differs from the one that answers. */
function named(item, first) {
  const own = item === first ? null : (item.conventions ?? []).find((text) => !(first.conventions ?? []).includes(text));
  return own ? `${item.method ?? ""} · ${own}` : (item.method ?? "");
}

function body(item) {
  return [
    h(
      "div",
      { class: "calculation__tables" },
      values(t("answer.inputs"), item.inputs),
      values(t("answer.outputs"), item.outputs),
    ),
    listed("calculation__conventions", t("answer.conventions"), item.conventions),
    listed("calculation__warnings", t("answer.warnings"), item.warnings),
    line("calculation__formula", t("answer.formula"), item.formula),
    line("calculation__reference", t("answer.reference"), item.reference),
    item.call ? command(item.call) : null,
  ];
}

function listed(name, caption, texts) {
  if (!texts?.length) return null;
  return h(
    "div",
    { class: name },
    h("p", { class: "muted", text: caption }),
    h("ul", { class: "missing__list" }, texts.map((text) => h("li", { text }))),
  );
}

function line(name, caption, text) {
  if (!text) return null;
  return h("p", { class: name }, h("span", { class: "muted", text: `${caption} ` }), text);
}

/** The command with a button that copies it. */
function command(call) {
  const button = h("button", { type: "button", class: "button", text: t("answer.copyCommand") });
  button.addEventListener("click", async () => {
    button.textContent = t((await copyText(call)) ? "answer.copied" : "answer.copyFailed");
  });
  return h(
    "div",
    { class: "calculation__call" },
    h("p", { class: "muted", text: t("answer.repeat") }),
    h("code", { text: call }),
    button,
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
