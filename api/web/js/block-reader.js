/** Reads a document's blocks in windows and remembers them. */

import { getBlocks } from "./api.js";

const WINDOW = 100;

/**
 * Make a reader for one document.
 *
 * @param {string} documentId
 */
export function createBlockReader(documentId) {
  const known = new Map();
  let total = null;

  async function load(start, limit) {
    const from = Math.max(0, start);
    const data = await getBlocks(documentId, from, limit);
    total = data.total;
    for (const block of data.blocks) known.set(block.ordinal, block);
    return data.blocks.length > 0;
  }

  /**
   * Blocks `start` to `end` (exclusive), read if need be.
   *
   * @param {number} start
   * @param {number} end
   * @returns {Promise<Object[]>}
   */
  async function range(start, end) {
    const from = Math.max(0, start);
    const upTo = () => (total === null ? end : Math.min(end, total));
    for (let ordinal = from; ordinal < upTo(); ordinal += 1) {
      if (known.has(ordinal)) continue;
      // The server may give fewer than asked for, so the loop goes on; but not after nothing.
      if (!(await load(ordinal, end - ordinal))) break;
    }
    const blocks = [];
    for (let ordinal = from; ordinal < upTo(); ordinal += 1) {
      if (known.has(ordinal)) blocks.push(known.get(ordinal));
    }
    return blocks;
  }

  /**
   * All blocks of a page. Blocks are in reading order, so the pages rise with the ordinals: walk
   * from a known place towards the page, then over it.
   *
   * @param {number} page
   * @param {number} near an ordinal thought to be close to the page
   * @returns {Promise<Object[]>}
   */
  async function pageBlocks(page, near) {
    let start = Math.max(0, near - WINDOW / 2);
    let end = start + WINDOW;
    let blocks = await range(start, end);
    while (start > 0 && !(firstPage(blocks) < page)) {
      start = Math.max(0, start - WINDOW);
      blocks = await range(start, end);
    }
    while (end < total && !(lastPage(blocks) > page)) {
      end += WINDOW;
      blocks = await range(start, end);
    }
    return blocks.filter((block) => block.locator?.page === page);
  }

  return { range, pageBlocks, total: () => total };
}

function firstPage(blocks) {
  return blocks.find((block) => block.locator?.page)?.locator.page ?? Infinity;
}

function lastPage(blocks) {
  for (let i = blocks.length - 1; i >= 0; i -= 1) {
    if (blocks[i].locator?.page) return blocks[i].locator.page;
  }
  return -Infinity;
}
