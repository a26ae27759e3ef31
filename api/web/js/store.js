/** The page's state: one object, replaced on each change, with listeners by field. */

/**
 * @typedef {Object} Turn
 * @property {string} id
 * @property {string} question
 * @property {number|null} number its number in the stored conversation
 * @property {string|null} asOf
 * @property {"waiting"|"done"|"error"} state
 * @property {number} startedAt milliseconds, for the waiting clock
 * @property {Object|null} answer the answer JSON
 * @property {Error|null} error
 * @property {string} [stage] what the server is doing
 * @property {Object[]} [soFar] statements that passed their checks while the answer is made
 * @property {string[]} [feedback] verdicts given on this page
 * @property {Map<number, Object>} [standing] what became of the citations since
 */

/**
 * Make a store.
 *
 * @param {Object} initial
 */
export function createStore(initial) {
  let state = { ...initial };
  const listeners = new Map();

  function set(patch) {
    const changed = Object.keys(patch).filter((key) => patch[key] !== state[key]);
    state = { ...state, ...patch };
    for (const key of changed) {
      for (const listener of listeners.get(key) ?? []) listener(state[key], state);
    }
  }

  return {
    /** @returns {Object} the present state; do not write to it */
    get: () => state,
    set,
    /**
     * @param {string} key field to watch
     * @param {(value: any, state: Object) => void} listener
     */
    on(key, listener) {
      if (!listeners.has(key)) listeners.set(key, new Set());
      listeners.get(key).add(listener);
    },
    /** @param {Turn} turn */
    addTurn(turn) {
      set({ turns: [...state.turns, turn] });
    },
    /**
     * @param {string} id
     * @param {Partial<Turn>} patch
     */
    updateTurn(id, patch) {
      set({ turns: state.turns.map((turn) => (turn.id === id ? { ...turn, ...patch } : turn)) });
    },
  };
}
