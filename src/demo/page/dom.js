// Making elements, and telling screen readers what happened.

/**
 * An element: `h("a", { href, class: "x", onclick: f }, child, …)`. Properties
 * that are null or false are left out, `true` sets an empty attribute, `html` is
 * markup that the server has sanitised. Children may be nodes, texts, nothing,
 * or lists of these.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "html") element.innerHTML = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Language and direction of a text that came from the API. */
export function inLanguage(text) {
  return { lang: text.language, dir: text.direction ? text.direction.toLowerCase() : "auto" };
}

/** Says something through the page's live region. */
export function announce(message) {
  const region = document.getElementById("status");
  region.textContent = "";
  // A change in the same turn is not noticed by all screen readers.
  setTimeout(() => { region.textContent = message; }, 50);
}

const PATHS = {
  ARTICLE: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  RECORDING: "M4 5h16v14H4zM10 9l5 3-5 3z",
  QUIZ: "M9 9a3 3 0 1 1 4 2.800c-.7.4-1 .9-1 1.700M12 17.500v.1M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0",
  DOCUMENT: "M6 3h9l4 4v14H6zM12 10v7M9 14.500l3 3 3-3",
  LINK: "M10 14 20 4M14 4h6v6M18 14v6H4V6h6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.500 20.500c.8-3.600 3.800-5.500 7.500-5.500s6.700 1.900 7.500 5.500",
  done: "M5 12.500l4.500 4.500L19 7",
};

/** A small drawing that says nothing to screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
