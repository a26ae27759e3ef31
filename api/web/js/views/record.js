/** The answer record: what is needed to run the same question again. */

import { h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * Draw the record, folded.
 *
 * @param {Object} answer
 * @returns {HTMLElement}
 */
export function drawRecord(answer) {
  const record = answer.record ?? {};
  const rows = [
    [t("record.id"), answer.answer_id],
    [t("record.snapshot"), record.snapshot],
    [t("record.embedder"), record.embedder],
    [t("record.llm"), record.llm ?? t("record.noLlm")],
    [t("record.elapsed"), Number.isFinite(record.elapsed_ms) ? t("record.elapsedMs", { n: Math.round(record.elapsed_ms) }) : null],
    [t("record.retrieved"), record.retrieved?.length ? record.retrieved.join("\n") : null],
  ];
  return h(
    "details",
    { class: "record" },
    h("summary", { text: t("answer.record") }),
    h(
      "dl",
      {},
      rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => [h("dt", { text: name }), h("dd", { text: value })]),
    ),
  );
}
