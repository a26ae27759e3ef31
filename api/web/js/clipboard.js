/** Copying text, also where the clipboard API is absent. */

/**
 * Put text on the clipboard.
 *
 * navigator.clipboard exists on https and localhost only; hospital intranets are often plain http,
 * so the older way is kept as the fallback.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(text) {
  try {
    if (navigator.clipboard?.writeText) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused by permission: try the older way.
  }
  const active = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "offscreen";
  document.body.appendChild(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  area.remove();
  active?.focus?.();
  return done;
}
