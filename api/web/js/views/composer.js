/** The question box: text, as-of date, send and stop. */

import { fill, h } from "../dom.js";
import { onLanguage, t } from "../i18n.js";
import { icon } from "../icons.js";
import { iconButton } from "./parts.js";

/**
 * Draw the composer into its form.
 *
 * @param {HTMLFormElement} form
 * @param {Object} options
 * @param {(question: string, asOf: string|null) => void} options.onAsk
 * @param {() => void} options.onStop
 * @param {(message: string) => void} options.announce
 */
export function createComposer(form, { onAsk, onStop, announce }) {
  let busy = false;

  const label = h("label", { for: "question", class: "visually-hidden" });
  const box = h("textarea", {
    id: "question",
    class: "composer__box",
    rows: "1",
    "aria-describedby": "composer-hint composer-message",
    autocomplete: "off",
    enterkeyhint: "send",
    maxlength: "4000",
  });
  const hint = h("span", { id: "composer-hint", class: "composer__hint" });
  const message = h("p", { id: "composer-message", class: "composer__message", role: "alert" });
  const date = h("input", { type: "date", id: "as-of", class: "field" });
  const dateLabel = h("label", { for: "as-of" });
  const summary = h("summary", { class: "as-of__summary" });
  const clear = h("button", { type: "button", class: "button button--text" });
  const details = h(
    "details",
    { class: "as-of" },
    summary,
    h("div", { class: "as-of__panel" }, dateLabel, date, clear),
  );
  const action = h("div", { class: "composer__action" });
  const foot = h("p", { class: "composer__foot" });

  fill(
    form,
    message,
    h("div", { class: "composer__frame" }, label, box, action),
    h("div", { class: "composer__row" }, details, hint),
    foot,
  );

  function translate() {
    form.setAttribute("aria-label", t("composer.label"));
    label.textContent = t("composer.label");
    box.placeholder = t("composer.placeholder");
    hint.textContent = t("composer.hint");
    dateLabel.textContent = t("composer.asOfLabel");
    clear.textContent = t("composer.asOfClear");
    foot.textContent = t("composer.foot");
    drawSummary();
    drawAction();
  }

  function drawSummary() {
    fill(
      summary,
      icon("calendar"),
      h("span", { text: `${t("composer.asOf")} ` }),
      h("strong", { text: date.value || t("composer.asOfToday") }),
    );
    clear.hidden = !date.value;
  }

  function drawAction() {
    // The button that had the focus is replaced: hand the focus to its successor.
    const hadFocus = action.contains(document.activeElement);
    const button = busy
      ? iconButton("stop", t("turn.stop"), { class: "button--stop", on: { click: onStop } })
      : iconButton("send", t("composer.send"), { class: "button--primary", type: "submit" });
    fill(action, button);
    if (hadFocus) button.focus();
  }

  function grow() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  }

  function warn(words) {
    message.textContent = words;
  }

  function submit() {
    if (busy) {
      warn(t("composer.busy"));
      return;
    }
    const question = box.value.trim();
    if (!question) {
      warn(t("composer.empty"));
      box.focus();
      return;
    }
    if (date.validity.badInput) {
      details.open = true;
      warn(t("composer.asOfInvalid"));
      date.focus();
      return;
    }
    warn("");
    const asOf = date.value || null;
    box.value = "";
    grow();
    onAsk(question, asOf);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("keydown", (event) => {
    // Enter also confirms a candidate of a Chinese input method: that one must not send. Safari
    // reports it after composition has ended, with key code 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", () => {
    warn("");
    grow();
  });
  date.addEventListener("change", drawSummary);
  clear.addEventListener("click", () => {
    date.value = "";
    drawSummary();
    announce(`${t("composer.asOf")} ${t("composer.asOfToday")}`);
    date.focus();
  });
  onLanguage(translate);
  translate();

  return {
    /** @param {boolean} value whether a question is being answered */
    setBusy(value) {
      if (busy === value) return;
      busy = value;
      warn("");
      drawAction();
    },
    /** @param {string} words what went wrong, shown above the box */
    warn,
    /** The as-of date chosen now, or null. @returns {string|null} */
    asOf: () => date.value || null,
    /**
     * Put a question back into the box to be changed.
     *
     * @param {string} question
     * @param {string|null} asOf
     */
    edit(question, asOf) {
      box.value = question;
      date.value = asOf ?? "";
      drawSummary();
      grow();
      box.focus();
      box.setSelectionRange(question.length, question.length);
    },
    /** @param {FocusOptions} [options] */
    focus: (options) => box.focus(options),
  };
}
