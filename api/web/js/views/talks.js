/** The list of conversations: find, open, rename, export, delete. */

import { deleteConversation, exportUrl, listConversations, renameConversation } from "../api.js";
import { fill, h } from "../dom.js";
import { errorWords } from "../errors.js";
import { onLanguage, t, tn } from "../i18n.js";
import { icon } from "../icons.js";
import { confirmAction } from "./confirm.js";
import { failureBox, iconButton, problemLine } from "./parts.js";

const PAGE = 50;
const PAUSE_MS = 250; // of typing before the list is asked for

/**
 * Make the drawer.
 *
 * @param {HTMLDialogElement} dialog
 * @param {HTMLDialogElement} confirmDialog
 * @param {Object} options
 * @param {() => string|null} options.current id of the open conversation
 * @param {(id: string) => void} options.onOpen
 * @param {() => void} options.onNew
 * @param {(id: string) => void} options.onDeleted
 */
export function createTalks(dialog, confirmDialog, { current, onOpen, onNew, onDeleted }) {
  let talks = null;
  let total = 0;
  let failure = null;
  let query = "";
  let renaming = null;
  let opener = null;
  let parts = null;
  let pause = null;
  // Counts requests: an answer to an earlier one is dropped.
  let generation = 0;

  async function open(openedBy) {
    opener = openedBy;
    renaming = null;
    draw();
    dialog.showModal();
    parts.title.focus();
    await load();
  }

  async function load({ more = false } = {}) {
    const mine = (generation += 1);
    failure = null;
    try {
      const found = await listConversations({ q: query, offset: more ? talks.length : 0, limit: PAGE });
      if (mine !== generation) return;
      talks = more ? [...talks, ...found.conversations] : found.conversations;
      total = found.total;
    } catch (error) {
      if (mine !== generation) return;
      failure = error;
    }
    drawList();
  }

  function draw() {
    const title = h("h2", { id: "talks-title", tabindex: "-1", text: t("talks.title") });
    const count = h("p", { class: "muted", role: "status" });
    const problem = h("div", { class: "talks__problem" });
    const list = h("div", { class: "talks__list" });
    const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    parts = { title, count, problem, list, live };
    fill(
      dialog,
      h(
        "div",
        { class: "drawer__bar" },
        title,
        iconButton("close", t("talks.close"), { quiet: true, on: { click: () => dialog.close() } }),
      ),
      h(
        "div",
        { class: "drawer__body" },
        h(
          "div",
          { class: "actions" },
          iconButton("fresh", t("tools.new"), {
            class: "button--primary",
            on: {
              click: () => {
                leave();
                onNew();
              },
            },
          }),
        ),
        h(
          "div",
          { class: "documents__filter" },
          h("label", { for: "talks-search", text: t("talks.search") }),
          h("input", {
            id: "talks-search",
            type: "search",
            class: "field",
            maxlength: "200",
            placeholder: t("talks.searchPlaceholder"),
            value: query,
            on: { input: (event) => search(event.currentTarget.value) },
          }),
          count,
        ),
        problem,
        list,
      ),
      live,
    );
    drawList();
  }

  function search(words) {
    query = words.trim();
    clearTimeout(pause);
    pause = setTimeout(() => load(), PAUSE_MS);
  }

  /** Close without giving the focus back: it goes on to the thread. */
  function leave() {
    opener = null;
    dialog.close();
  }

  function drawList() {
    if (!parts) return;
    const { list, count } = parts;
    if (failure) {
      count.textContent = "";
      fill(
        list,
        failureBox(
          t("talks.failed"),
          errorWords(failure),
          iconButton("retry", t("turn.retry"), { on: { click: () => load() } }),
        ),
      );
      return;
    }
    count.textContent = talks ? tn("talks.count", total) : t("talks.loading");
    if (!talks) return;
    fill(
      list,
      talks.length
        ? h("ul", { class: "talks" }, talks.map(row))
        : h("p", { class: "muted", text: t(query ? "talks.none" : "talks.empty") }),
      talks.length < total
        ? h("button", { type: "button", class: "button", text: t("talks.more"), on: { click: () => load({ more: true }) } })
        : null,
    );
  }

  function row(talk) {
    const here = talk.id === current();
    return h(
      "li",
      { class: "talk", data: { talk: talk.id } },
      renaming === talk.id ? renameForm(talk) : summary(talk, here),
    );
  }

  function summary(talk, here) {
    const name = talk.title || t("talks.untitled");
    return [
      h(
        "div",
        { class: "talk__body" },
        h("button", {
          type: "button",
          class: "link",
          text: name,
          "aria-current": here ? "true" : null,
          on: {
            click: () => {
              leave();
              onOpen(talk.id);
            },
          },
        }),
        h("p", {
          class: "document__facts",
          text: [here ? t("talks.current") : null, tn("talks.turns", talk.turns), when(talk.updated)]
            .filter(Boolean)
            .join(" · "),
        }),
      ),
      h(
        "div",
        { class: "talk__tools" },
        iconButton("edit", t("talks.rename", { title: name }), { quiet: true, on: { click: () => rename(talk) } }),
        h(
          "a",
          { class: "button button--quiet", href: exportUrl(talk.id, "markdown"), download: "", title: t("talks.export", { title: name }) },
          icon("download"),
          h("span", { class: "visually-hidden", text: t("talks.export", { title: name }) }),
        ),
        iconButton("trash", t("talks.delete", { title: name }), { quiet: true, on: { click: () => remove(talk, name) } }),
      ),
    ];
  }

  function rename(talk) {
    renaming = talk.id;
    drawList();
    const field = dialog.querySelector(".talk__field");
    field.focus();
    field.select();
  }

  function renameForm(talk) {
    const field = h("input", {
      class: "field talk__field",
      "aria-label": t("talks.renameField"),
      value: talk.title,
      maxlength: "200",
      required: true,
    });
    const stop = () => {
      renaming = null;
      drawList();
      dialog.querySelector(`[data-talk="${talk.id}"] .button--quiet`)?.focus();
    };
    const save = async (event) => {
      event.preventDefault();
      const title = field.value.trim();
      if (!title) {
        field.focus();
        return;
      }
      await act(async () => {
        const changed = await renameConversation(talk.id, title);
        talks = talks.map((item) => (item.id === talk.id ? changed : item));
        parts.live.textContent = t("talks.renamed", { title });
      });
      stop();
    };
    return h(
      "form",
      {
        class: "talk__form",
        on: {
          submit: save,
          keydown: (event) => {
            if (event.key !== "Escape") return;
            // Escape leaves the field, not the whole drawer.
            event.preventDefault();
            event.stopPropagation();
            stop();
          },
        },
      },
      field,
      h("button", { type: "submit", class: "button button--primary", text: t("talks.save") }),
      h("button", { type: "button", class: "button", text: t("talks.cancel"), on: { click: stop } }),
    );
  }

  async function remove(talk, title) {
    const sure = await confirmAction(confirmDialog, {
      title: t("talks.deleteTitle"),
      text: t("talks.deleteText", { title }),
      yes: t("documents.deleteConfirm"),
      no: t("documents.deleteCancel"),
    });
    if (!sure) return;
    await act(async () => {
      await deleteConversation(talk.id);
      talks = talks.filter((item) => item.id !== talk.id);
      total -= 1;
      parts.live.textContent = t("talks.deleted", { title });
      onDeleted(talk.id);
    });
    drawList();
    // The deleted row took its button with it: the focus needs a place that is still there.
    parts.title.focus();
  }

  /** Do something, and say so where it fails. */
  async function act(action) {
    parts.problem.replaceChildren();
    try {
      await action();
    } catch (error) {
      const reason = t("talks.failedAction", { reason: errorWords(error) });
      fill(parts.problem, problemLine(reason));
    }
  }

  dialog.addEventListener("click", (event) => {
    // A click on the backdrop reaches the dialog itself.
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(pause);
    (opener?.isConnected ? opener : document.getElementById(opener?.id ?? ""))?.focus();
  });
  onLanguage(() => {
    if (dialog.open) draw();
  });

  return { open };
}

function when(moment) {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return null;
  const pad = (n) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
