/**
 * Building DOM without markup.
 *
 * Everything on the page is made here with createElement and text nodes: no string that came from
 * the server, a document or the person asking is ever parsed as HTML.
 */

/**
 * Make an element.
 *
 * @param {string} tag
 * @param {Object<string, any>} [props] `class`, `text`, `on` (event name → listener), `data`
 *   (dataset), any other name is an attribute; `true` sets it empty, `false`/`null` leaves it out.
 * @param {...(Node|string|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/**
 * Append nodes and strings, skipping what is empty.
 *
 * @param {Node} parent
 * @param {Array} children
 */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Replace everything inside `parent`.
 *
 * @param {Element} parent
 * @param {...any} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

let counter = 0;

/**
 * A page-unique id. (crypto.randomUUID is absent on plain-http hospital networks.)
 *
 * @param {string} prefix
 * @returns {string}
 */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
