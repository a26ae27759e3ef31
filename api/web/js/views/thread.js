/** The thread: one article a question, redrawn only when its turn changed. */

import { fill, h } from "../dom.js";
import { errorWords } from "../errors.js";
import { onLanguage, t } from "../i18n.js";
import { icon } from "../icons.js";
import { stageLabel } from "../labels.js";
import { drawAnswer } from "./answer.js";
import { iconButton } from "./parts.js";

/**
 * Keep the thread in step with the turns.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} scroller
 * @param {Object} actions `onCitation`, `onFollowUp`, `onEdit`, `onRetry`, `onFeedback`, `announce`
 */
export function createThread(root, scroller, actions) {
  /** @type {Map<string, {turn: Object, node: HTMLElement}>} */
  const shown = new Map();
  let clock = null;
  let turns = [];

  function update(next) {
    turns = next;
    for (const [id, entry] of shown) {
      if (!turns.some((turn) => turn.id === id)) {
        entry.node.remove();
        shown.delete(id);
      }
    }
    for (const turn of turns) {
      const entry = shown.get(turn.id);
      if (!entry) {
        const node = h("article", { class: "turn", "aria-labelledby": `${turn.id}-question` });
        shown.set(turn.id, { turn, node });
        draw(turn, node);
        root.appendChild(node);
        scrollTo(node);
      } else if (entry.turn !== turn) {
        const moved = entry.turn.state !== turn.state;
        entry.turn = turn;
        draw(turn, entry.node);
        // What is added to an answer, such as feedback, must not move what is being read.
        if (moved) scrollTo(entry.node);
      }
    }
    runClock();
  }

  function draw(turn, node) {
    fill(
      node,
      h(
        "h2",
        { class: "turn__question", id: `${turn.id}-question` },
        h("span", { class: "visually-hidden", text: `${t("turn.question")} ` }),
        h("span", { class: "turn__words", text: turn.question }),
      ),
      turn.answer?.understood
        ? h(
            "p",
            { class: "turn__understood" },
            h("strong", { text: t("turn.understood") }),
            h("span", { text: turn.answer.understood }),
          )
        : null,
      body(turn),
    );
  }

  function body(turn) {
    if (turn.state === "waiting") return waiting(turn);
    if (turn.state === "error") return failure(turn);
    return drawAnswer(turn, actions);
  }

  function waiting(turn) {
    return h(
      "div",
      { class: "waiting" },
      h(
        "p",
        { class: "waiting__words" },
        h("span", { text: turn.stage ? stageLabel(turn.stage) : t("turn.waiting") }),
        " ",
        h("span", { class: "waiting__clock", data: { clock: turn.startedAt } }),
      ),
      h("div", { class: "progress", role: "progressbar", "aria-label": t("turn.waiting") }, h("span")),
      turn.soFar?.length
        ? h(
            "div",
            { class: "waiting__so-far" },
            h("h3", { class: "answer__subtitle", text: t("turn.soFar") }),
            h("ul", { class: "statements statements--aside" }, turn.soFar.map((item) => h("li", { class: "statement", text: item.text }))),
          )
        : null,
    );
  }

  function failure(turn) {
    return h(
      "div",
      { class: "failure" },
      h("p", { class: "failure__title" }, icon("warning"), h("strong", { text: t("error.title") })),
      h("p", { text: errorWords(turn.error) }),
      h(
        "div",
        { class: "actions" },
        iconButton("retry", t("turn.retry"), {
          class: "button--primary",
          on: { click: () => actions.onRetry(turn) },
        }),
        iconButton("edit", t("turn.edit"), { on: { click: () => actions.onEdit(turn) } }),
      ),
    );
  }

  // The question goes to the top of the view, so that its answer is read from its beginning.
  function scrollTo(node) {
    scroller.scrollTop += node.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 16;
  }

  function tick() {
    for (const node of root.querySelectorAll("[data-clock]")) {
      const seconds = Math.floor((Date.now() - Number(node.dataset.clock)) / 1000);
      node.textContent = seconds > 0 ? t("turn.seconds", { n: seconds }) : "";
    }
  }

  function runClock() {
    const waitingNow = turns.some((turn) => turn.state === "waiting");
    if (waitingNow && clock === null) clock = setInterval(tick, 1000);
    if (!waitingNow && clock !== null) {
      clearInterval(clock);
      clock = null;
    }
  }

  onLanguage(() => {
    for (const { turn, node } of shown.values()) draw(turn, node);
    tick();
  });

  return { update };
}
