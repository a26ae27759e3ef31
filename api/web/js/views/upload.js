/** Adding documents: drop area, file button, what became of each file. */

import { uploadDocuments } from "../api.js";
import { fill, h } from "../dom.js";
import { errorWords } from "../errors.js";
import { t, tn } from "../i18n.js";
import { icon } from "../icons.js";
import { outcomeLabel } from "../labels.js";
import { badge } from "./parts.js";

/**
 * Draw the upload area.
 *
 * @param {Object} options
 * @param {Object} options.memory kept by the drawer across redraws: `busy`, `results`, `error`
 * @param {() => void} options.onChange redraws the results
 * @param {() => void} options.onUploaded called when the index may have changed
 * @param {(message: string) => void} options.announce
 * @returns {HTMLElement}
 */
export function drawUpload({ memory, onChange, onUploaded, announce }) {
  const input = h("input", {
    type: "file",
    id: "upload-input",
    multiple: true,
    class: "visually-hidden",
    "aria-describedby": "upload-help",
    on: { change: () => send([...input.files]) },
  });
  const choose = h("label", { for: "upload-input", class: "button upload__choose" }, icon("upload"), h("span", { text: t("upload.choose") }));
  const area = h(
    "div",
    {
      class: "upload",
      on: {
        dragover: (event) => {
          event.preventDefault();
          area.classList.add("upload--over");
        },
        dragleave: () => area.classList.remove("upload--over"),
        drop: (event) => {
          event.preventDefault();
          area.classList.remove("upload--over");
          send([...event.dataTransfer.files]);
        },
      },
    },
    h("p", { class: "upload__words" }, h("span", { text: `${t("upload.drop")} ` }), input, choose),
    h("p", { class: "muted", id: "upload-help", text: t("upload.help") }),
  );

  async function send(files) {
    if (!files.length || memory.busy) return;
    memory.busy = files.length;
    memory.results = [];
    memory.error = null;
    onChange();
    announce(tn("upload.working", files.length));
    try {
      memory.results = await uploadDocuments(files);
      const summary = memory.results.map((item) => `${item.path} ${outcomeLabel(item.outcome).words}`).join("; ");
      announce(t("upload.done", { summary }));
    } catch (error) {
      memory.error = error;
      announce(t("upload.failed", { reason: errorWords(error) }));
    }
    memory.busy = 0;
    input.value = "";
    onChange();
    onUploaded();
  }

  return h("section", { "aria-label": t("upload.title") }, area);
}

/**
 * Draw what became of the last upload.
 *
 * @param {HTMLElement} root
 * @param {Object} memory
 */
export function drawUploadResults(root, memory) {
  const { busy, results, error } = memory;
  fill(
    root,
    busy
      ? [
          h("p", { text: tn("upload.working", busy) }),
          h("div", { class: "progress", role: "progressbar", "aria-label": tn("upload.working", busy) }, h("span")),
        ]
      : null,
    error
      ? h("p", { class: "banner banner--bad" }, icon("warning"), h("span", { text: t("upload.failed", { reason: errorWords(error) }) }))
      : null,
    results?.length
      ? [
          h("h3", { class: "answer__subtitle", text: t("upload.results") }),
          h(
            "ul",
            { class: "upload__results" },
            results.map((item) =>
              h(
                "li",
                {},
                badge(outcomeLabel(item.outcome)),
                h("span", { class: "upload__path", text: item.path }),
                item.detail ? h("span", { class: "muted", text: item.detail }) : null,
              ),
            ),
          ),
        ]
      : null,
  );
}
