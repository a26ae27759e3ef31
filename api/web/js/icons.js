/** Line icons, drawn as SVG nodes so that the page needs no icon font and no inline markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Path data on a 24 × 24 grid. */
const PATHS = {
  verified: ["M12 3l7 3v5c0 4.6-2.9 8.2-7 10-4.1-1.8-7-5.4-7-10V6z", "M8.7 12l2.3 2.3 4.4-4.6"],
  insufficient: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M15.3 15.3L20 20", "M8 10.5h5"],
  clarify: ["M4 5h16v11H9l-5 4z", "M10 8.9c.2-1 1-1.6 2-1.6 1.2 0 2.1.8 2.1 1.8 0 1.5-2.1 1.6-2.1 2.9", "M12 13.900v.1"],
  refused: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M6 6l12 12"],
  calculated: ["M6 3h12v18H6z", "M9 7h6", "M9 11.500h.1", "M12 11.500h.1", "M15 11.500h.1", "M9 15h.1", "M12 15h.1", "M15 15v2.5", "M9 17.500h3.1"],
  warning: ["M12 4l9 16H3z", "M12 10v4.5", "M12 17.300v.1"],
  current: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M8.3 12.200l2.6 2.6 4.9-5.2"],
  expired: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M9 9l6 6", "M15 9l-6 6"],
  draft: ["M5 19l1-4L16 5l3 3L9 18z", "M14 7l3 3"],
  clock: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M12 7.500V12l3 2"],
  info: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M12 11v5", "M12 8v.1"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  copy: ["M9 9h11v11H9z", "M15 9V4H4v11h5"],
  send: ["M12 19V5", "M6 11l6-6 6 6"],
  stop: ["M7 7h10v10H7z"],
  retry: ["M19 12a7 7 0 1 1-2.2-5.1", "M19 4v4h-4"],
  edit: ["M5 19l1-4L16 5l3 3L9 18z", "M13 19h6"],
  download: ["M12 4v11", "M7.5 11l4.5 4.5 4.5-4.5", "M5 20h14"],
  previous: ["M15 5l-7 7 7 7"],
  next: ["M9 5l7 7-7 7"],
  up: ["M5 15l7-7 7 7"],
  down: ["M5 9l7 7 7-7"],
  library: ["M5 4h4v16H5z", "M9 4h4v16H9z", "M14 5l4-1 3 15-4 1z"],
  upload: ["M12 16V5", "M7.5 9L12 4.5 16.5 9", "M5 20h14"],
  trash: ["M5 7h14", "M9 7V4h6v3", "M7 7l1 13h8l1-13", "M10.5 11v5", "M13.5 11v5"],
  calendar: ["M4 6h16v14H4z", "M4 10h16", "M8 3.500V7", "M16 3.500V7"],
  language: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z", "M3.5 12h17", "M12 3.500c5 5 5 12 0 17", "M12 3.500c-5 5-5 12 0 17"],
  fresh: ["M12 5v14", "M5 12h14"],
  talk: ["M4 5h16v11H9l-5 4z", "M8 9h8", "M8 12h5"],
  useful: ["M5 11v8", "M8 11l4-7c1.400 0 2.200 1 2 2.400L13.500 10H19l-1.300 8.200a1 1 0 0 1-1 .8H8z"],
  flag: ["M6 20V4", "M6 5h12l-2.500 4L18 13H6"],
  source: ["M6 3h9l4 4v14H6z", "M9.500 12h6", "M12.500 9v6"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M15.3 15.300L20 20"],
};

/**
 * Draw an icon. It is decoration: the words beside it carry the meaning.
 *
 * @param {keyof typeof PATHS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const d of PATHS[name] ?? PATHS.info) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.appendChild(path);
  }
  return svg;
}
