/** One answer: status, statements, calculations, sources, what to ask next, the record. */

import { copyText } from "../clipboard.js";
import { h } from "../dom.js";
import { t, tn } from "../i18n.js";
import { icon } from "../icons.js";
import { overallStatus, sourceStatus } from "../labels.js";
import { answerAsText } from "../plain.js";
import { saysOnlyMissing } from "../text.js";
import { drawCalculations } from "./calculations.js";
import { drawSources } from "./citations.js";
import { drawFeedback, statementFeedback } from "./feedback.js";
import { badge, iconButton } from "./parts.js";
import { drawRecord } from "./record.js";
import { drawStatement } from "./statement.js";

const HEADINGS = {
  insufficient_evidence: "answer.related",
  needs_clarification: "answer.known",
  refused: "answer.known",
};

const EXPLAIN = {
  insufficient_evidence: "answer.explain.insufficient",
  needs_clarification: "answer.explain.clarify",
  refused: "answer.explain.refused",
};

/**
 * Draw the answer of a turn.
 *
 * @param {Object} turn
 * @param {Object} actions `onCitation`, `onFollowUp`, `onEdit`, `onFeedback`, `announce`
 * @returns {HTMLElement}
 */
export function drawAnswer(turn, actions) {
  const answer = turn.answer;
  const statements = answer.statements ?? [];
  const citations = answer.citations ?? [];
  const answered = answer.status === "answered";
  const ownWords = saysOnlyMissing(answer);
  const open = (citation, opener) => actions.onCitation(turn, citation, opener);

  // The answer itself, then what else is known.
  const list = (detail) => {
    const places = statements.map((_, place) => place).filter((place) => Boolean(statements[place].detail) === detail);
    if (ownWords || !places.length) return null;
    return h(
      "ul",
      { class: answered ? "statements" : "statements statements--aside", lang: answer.language === "en" ? "en" : "zh-CN" },
      places.map((place) => [
        drawStatement(statements[place], citations, turn.id, open, statementFeedback(turn, place, actions)),
      ]),
    );
  };

  return h(
    "div",
    { class: `answer answer--${overallStatus(answer).tone}` },
    head(answer, statements),
    (answer.notices ?? []).map((words) =>
      h("div", { class: "banner banner--warn" }, icon("warning"), h("div", { class: "banner__body" }, h("p", { text: words }))),
    ),
    // When something is missing, say so before what was found along the way.
    answered ? null : missing(answer, ownWords),
    !ownWords && statements.length && HEADINGS[answer.status]
      ? h("h3", { class: "answer__subtitle", text: t(HEADINGS[answer.status]) })
      : null,
    list(false),
    answered && statements.some((item) => item.detail)
      ? h("h3", { class: "answer__subtitle", text: t("answer.details") })
      : null,
    list(true),
    !statements.length && !answer.missing ? h("p", { text: t("answer.empty") }) : null,
    answered ? missing(answer) : null,
    drawCalculations(answer.calculations ?? []),
    drawSources(citations, turn, open),
    followUp(answer, actions),
    foot(turn, actions),
  );
}

function head(answer, statements) {
  const cited = new Set(statements.flatMap((item) => item.citations ?? []));
  const stale = (answer.citations ?? []).filter((item) => cited.has(item.id) && sourceStatus(item.status).loud);
  return h(
    "p",
    { class: "answer__head" },
    badge(overallStatus(answer)),
    stale.length
      ? badge({ words: tn("answer.stale", stale.length), icon: "warning", tone: "bad" })
      : null,
    h("span", { class: "answer__explain", text: explain(answer, statements) }),
    answer.as_of
      ? h("span", { class: "answer__as-of", text: t("answer.asOf", { date: answer.as_of }) })
      : null,
  );
}

function explain(answer, statements) {
  if (EXPLAIN[answer.status]) return t(EXPLAIN[answer.status]);
  const unsupported = statements.filter((item) => item.support === "unsupported").length;
  if (unsupported) return t("answer.explain.mixed", { n: unsupported, total: statements.length });
  if (statements.length && statements.every((item) => item.support === "calculated")) {
    return t("answer.explain.calculated");
  }
  return answer.citations?.length ? t("answer.explain.answered") : "";
}

function missing(answer, ownWords = false) {
  if (!answer.missing) return null;
  const asksBack = answer.status === "needs_clarification";
  const heading = t(asksBack ? "answer.missingClarify" : "answer.missing");
  const [first, ...rest] = ownWords ? answer.statements.map((item) => item.text) : [answer.missing];
  return h(
    "div",
    { class: "missing" },
    answer.status === "refused" ? null : h("h3", { class: "answer__subtitle", text: heading }),
    h("p", { class: "missing__words", text: first }),
    rest.length ? h("ul", { class: "missing__list" }, rest.map((text) => h("li", { text }))) : null,
  );
}

function followUp(answer, actions) {
  const questions = (answer.follow_up ?? []).filter((item) => typeof item === "string" && item);
  if (!questions.length) return null;
  return h(
    "section",
    { class: "follow-up" },
    h("h3", { class: "answer__subtitle", text: t("answer.followUp") }),
    h(
      "ul",
      { class: "examples examples--inline" },
      questions.map((question) =>
        h(
          "li",
          {},
          h("button", {
            type: "button",
            class: "example",
            text: question,
            on: { click: () => actions.onFollowUp(question) },
          }),
        ),
      ),
    ),
  );
}

function foot(turn, actions) {
  const copy = iconButton("copy", t("answer.copy"), {
    on: {
      click: async () => {
        const done = await copyText(answerAsText(turn));
        const words = t(done ? "answer.copied" : "answer.copyFailed");
        copy.querySelector(".button__words").textContent = words;
        actions.announce(words);
        setTimeout(() => {
          copy.querySelector(".button__words").textContent = t("answer.copy");
        }, 2500);
      },
    },
  });
  return h(
    "div",
    { class: "answer__foot" },
    drawFeedback(turn, actions),
    h(
      "div",
      { class: "actions" },
      copy,
      iconButton("edit", t("turn.edit"), { on: { click: () => actions.onEdit(turn) } }),
    ),
    drawRecord(turn.answer),
  );
}
