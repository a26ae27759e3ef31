/** Text arithmetic: offsets, quotes, clipping. No DOM here. */

/**
 * Convert an offset counted in Unicode code points (how the server counts) into one counted in
 * UTF-16 units (how JavaScript slices). They differ after every character above U+FFFF, such as
 * the rare Han characters of extension B.
 *
 * @param {string} text
 * @param {number} codePoints
 * @returns {number}
 */
export function utf16Offset(text, codePoints) {
  let unit = 0;
  for (let seen = 0; seen < codePoints && unit < text.length; seen += 1) {
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  return unit;
}

/**
 * Whether the statements of an answer are only its `missing` words cut up: a refusal or a question
 * back. They are said once then, and nothing calls them verified.
 *
 * @param {{status: string, statements?: Object[], missing?: string|null}} answer
 * @returns {boolean}
 */
export function saysOnlyMissing(answer) {
  const statements = answer.statements ?? [];
  return (
    answer.status !== "answered" &&
    statements.length > 0 &&
    statements.every((item) => Boolean(answer.missing?.includes(item.text)))
  );
}

/**
 * Where the quote of a citation stands in a block's text.
 *
 * The offsets are trusted only when the text between them is the quote; otherwise the quote is
 * looked for verbatim, then with white space ignored (extraction may fold line ends). A looser
 * match is never made: a highlight on the wrong words is worse than none.
 *
 * @param {string} text the block's text
 * @param {{quote?: string, block_start?: number|null, block_end?: number|null}} citation
 * @returns {{start: number, end: number}|null} UTF-16 offsets
 */
export function locateQuote(text, citation) {
  const quote = citation.quote ?? "";
  if (Number.isInteger(citation.block_start) && Number.isInteger(citation.block_end)) {
    const start = utf16Offset(text, citation.block_start);
    const end = utf16Offset(text, citation.block_end);
    if (end > start && (!quote || squeeze(text.slice(start, end)) === squeeze(quote))) {
      return { start, end };
    }
  }
  if (!quote) return null;
  const verbatim = text.indexOf(quote);
  if (verbatim >= 0) return { start: verbatim, end: verbatim + quote.length };
  return locateIgnoringSpace(text, quote);
}

function squeeze(text) {
  return text.replace(/\s+/g, "");
}

function locateIgnoringSpace(text, quote) {
  const wanted = squeeze(quote);
  if (!wanted) return null;
  const units = [];
  let packed = "";
  for (let i = 0; i < text.length; i += 1) {
    if (/\s/.test(text[i])) continue;
    packed += text[i];
    units.push(i);
  }
  const at = packed.indexOf(wanted);
  if (at < 0) return null;
  return { start: units[at], end: units[at + wanted.length - 1] + 1 };
}

/**
 * Cut `text` into the pieces before, inside and after a range.
 *
 * @param {string} text
 * @param {{start: number, end: number}|null} range UTF-16 offsets; may lie partly outside
 * @returns {{before: string, inside: string, after: string}}
 */
export function cut(text, range) {
  if (!range) return { before: text, inside: "", after: "" };
  const start = Math.max(0, Math.min(range.start, text.length));
  const end = Math.max(start, Math.min(range.end, text.length));
  return { before: text.slice(0, start), inside: text.slice(start, end), after: text.slice(end) };
}

/**
 * Write a value of a calculation for people: numbers with at most six significant digits.
 *
 * @param {any} value
 * @returns {string}
 */
export function formatValue(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  if (Array.isArray(value)) return value.map(formatValue).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([key, item]) => `${key}: ${formatValue(item)}`)
      .join("; ");
  }
  return String(value);
}
