/** What a reader says of an answer: three buttons, and a form for what needs words. */

import { sendFeedback } from "../api.js";
import { fill, h } from "../dom.js";
import { errorWords } from "../errors.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { VERDICTS, verdictLabel } from "../labels.js";
import { iconButton } from "./parts.js";

const OFFERED = ["useful", "wrong", "missing_source"];

/**
 * The buttons under an answer.
 *
 * @param {Object} turn
 * @param {Object} actions `onFeedback(turn, {verdict, statement}, opener)`
 * @returns {HTMLElement}
 */
export function drawFeedback(turn, actions) {
  const given = new Set(turn.feedback ?? []);
  return h(
    "div",
    { class: "feedback", role: "group", "aria-label": t("feedback.ask") },
    h("span", { class: "feedback__ask", text: t("feedback.ask") }),
    OFFERED.map((verdict) => {
      const label = verdictLabel(verdict);
      return iconButton(label.icon, label.words, {
        class: "button--plain feedback__button",
        "aria-pressed": String(given.has(verdict)),
        data: { feedback: `${turn.id}:${verdict}` },
        on: {
          click: (event) => actions.onFeedback(turn, { verdict, statement: null }, event.currentTarget),
        },
      });
    }),
  );
}

/**
 * The button beside a statement.
 *
 * @param {Object} turn
 * @param {number} statement from 0
 * @param {Object} actions
 * @returns {HTMLElement}
 */
export function statementFeedback(turn, statement, actions) {
  return iconButton("flag", t("feedback.onStatement"), {
    quiet: true,
    class: "statement__flag",
    data: { feedback: `${turn.id}:${statement}` },
    on: {
      click: (event) => actions.onFeedback(turn, { verdict: "wrong", statement }, event.currentTarget),
    },
  });
}

/**
 * Make the form.
 *
 * @param {HTMLDialogElement} dialog
 * @param {Object} options
 * @param {(turn: Object, verdict: string) => void} options.onSent
 * @param {(words: string) => void} options.announce
 */
export function createFeedback(dialog, { onSent, announce }) {
  let opener = null;

  /** Store feedback; says so, and throws nothing but shows what went wrong where it can be seen. */
  async function send(turn, feedback) {
    await sendFeedback({ answer_id: turn.answer.answer_id, ...feedback });
    onSent(turn, feedback.verdict);
    announce(t("feedback.sent", { verdict: verdictLabel(feedback.verdict).words }));
  }

  async function give(turn, { verdict, statement }, openedBy) {
    opener = openedBy;
    if (verdict !== "useful") {
      open(turn, verdict, statement);
      return;
    }
    try {
      await send(turn, { verdict, statement });
      refocus();
    } catch (error) {
      announce(t("feedback.failed", { reason: errorWords(error) }));
      open(turn, verdict, statement, error);
    }
  }

  function open(turn, verdict, statement, error = null) {
    const about = statement === null ? t("feedback.wholeAnswer") : turn.answer.statements[statement].text;
    const comment = h("textarea", { id: "feedback-comment", class: "field", rows: "4", maxlength: "4000" });
    const source = h("input", {
      id: "feedback-source",
      class: "field",
      maxlength: "2000",
      placeholder: t("feedback.sourcePlaceholder"),
    });
    const problem = h("p", { class: "composer__message", role: "alert" });
    const failed = (reason) => {
      problem.textContent = t("feedback.failed", { reason: errorWords(reason) });
    };
    const submit = async (event) => {
      event.preventDefault();
      const chosen = new FormData(event.currentTarget).get("verdict");
      try {
        await send(turn, {
          verdict: chosen,
          statement,
          comment: comment.value,
          suggested_source: source.value,
        });
        dialog.close();
      } catch (reason) {
        failed(reason);
      }
    };
    fill(
      dialog,
      h("h2", { id: "feedback-title", text: t("feedback.title") }),
      h("p", { class: "feedback__about" }, h("strong", { text: t("feedback.about") }), h("span", { text: about })),
      h(
        "form",
        { class: "feedback__form", on: { submit } },
        h(
          "fieldset",
          { class: "feedback__verdicts" },
          h("legend", { text: t("feedback.verdict") }),
          VERDICTS.map((code) => choice(code, code === verdict)),
        ),
        h("label", { for: "feedback-comment", text: t("feedback.comment") }),
        comment,
        h("label", { for: "feedback-source", text: t("feedback.source") }),
        source,
        problem,
        h(
          "div",
          { class: "actions actions--end" },
          h("button", { type: "button", class: "button", text: t("feedback.cancel"), on: { click: () => dialog.close() } }),
          h("button", { type: "submit", class: "button button--primary", text: t("feedback.send") }),
        ),
      ),
    );
    if (error) failed(error);
    dialog.showModal();
    comment.focus();
  }

  /** Back to the button; the answer may have been redrawn, then it is found by what it is for. */
  function refocus() {
    const again = opener?.isConnected
      ? opener
      : document.querySelector(`[data-feedback="${opener?.dataset.feedback}"]`);
    again?.focus();
  }

  dialog.addEventListener("close", refocus);

  return { give };
}

function choice(code, checked) {
  const label = verdictLabel(code);
  return h(
    "label",
    { class: "feedback__choice" },
    h("input", { type: "radio", name: "verdict", value: code, checked }),
    icon(label.icon),
    h("span", { text: label.words }),
  );
}
