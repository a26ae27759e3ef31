/** An answer as plain text, for e-mail, a protocol draft or a review note. */

import { t } from "./i18n.js";
import { overallStatus, placeLabel, sourceStatus, supportLabel, titleLabel, validityLabel } from "./labels.js";
import { formatValue, saysOnlyMissing } from "./text.js";

/**
 * Write an answer with its sources as text.
 *
 * @param {Object} turn
 * @returns {string}
 */
export function answerAsText(turn) {
  const { answer } = turn;
  const lines = [
    t("copy.question", { text: turn.question }),
    ...(answer.understood ? [`${t("turn.understood")}${answer.understood}`] : []),
    "",
    t("copy.answer", {
      status: overallStatus(answer).words,
      asOf: t("answer.asOf", { date: answer.as_of ?? "" }),
    }),
  ];
  for (const words of answer.notices ?? []) lines.push(`! ${words}`);
  if (saysOnlyMissing(answer)) {
    lines.push(answer.missing);
  } else {
    for (const statement of answer.statements ?? []) lines.push(`- ${statementLine(statement)}`);
    if (answer.missing) lines.push("", `${t("answer.missing")}: ${answer.missing}`);
  }
  for (const item of answer.calculations ?? []) lines.push("", ...calculationLines(item));
  if (answer.citations?.length) {
    lines.push("", t("copy.sources"));
    for (const citation of answer.citations) lines.push(...citationLines(citation));
  }
  if (answer.record?.snapshot) lines.push("", t("copy.by", { snapshot: answer.record.snapshot }));
  return lines.join("\n");
}

function statementLine(statement) {
  const marks = (statement.citations ?? []).map((id) => `[${id}]`).join("");
  const support =
    statement.support && statement.support !== "verified" ? ` (${supportLabel(statement.support).words})` : "";
  return `${statement.text} ${marks}${support}`.trim();
}

function calculationLines(item) {
  const pairs = (map) =>
    Object.entries(map ?? {})
      .map(([name, value]) => `${name} = ${formatValue(value)}`)
      .join("; ");
  return [
    `${t("answer.method")}: ${item.method ?? ""}`,
    `${t("answer.inputs")}: ${pairs(item.inputs)}`,
    `${t("answer.outputs")}: ${pairs(item.outputs)}`,
    ...(item.conventions?.length ? [`${t("answer.conventions")}: ${item.conventions.join("; ")}`] : []),
    ...(item.warnings?.length ? [`${t("answer.warnings")}: ${item.warnings.join("; ")}`] : []),
    `${t("answer.reference")}: ${item.reference ?? ""}`,
    ...(item.call ? [item.call] : []),
  ];
}

function citationLines(citation) {
  const facts = [
    placeLabel(citation.locator),
    citation.publisher,
    sourceStatus(citation.status).words,
    validityLabel(citation),
    citation.notice,
    citation.superseded_by ? t("citation.replacedBy", { title: titleLabel(citation.superseded_by) }) : null,
  ].filter(Boolean);
  const lines = [`[${citation.id}] ${titleLabel(citation.title)} ${facts.join(" · ")}`];
  if (citation.quote) lines.push(`    ${t("copy.quote", { text: citation.quote })}`);
  return lines;
}
