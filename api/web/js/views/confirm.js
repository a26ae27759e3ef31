/** A question before something that cannot be undone. */

import { fill, h } from "../dom.js";

/**
 * Ask, and wait for the answer. Escape and the backdrop of the dialog mean no.
 *
 * @param {HTMLDialogElement} dialog
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @returns {Promise<boolean>}
 */
export function confirmAction(dialog, { title, text, yes, no }) {
  return new Promise((resolve) => {
    const finish = (value) => () => dialog.close(value);
    const keep = h("button", { type: "button", class: "button", text: no, on: { click: finish("no") } });
    fill(
      dialog,
      h("h2", { id: "confirm-title", text: title }),
      h("p", { text }),
      h(
        "div",
        { class: "actions actions--end" },
        keep,
        h("button", { type: "button", class: "button button--danger", text: yes, on: { click: finish("yes") } }),
      ),
    );
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    keep.focus();
  });
}
