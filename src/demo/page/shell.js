// What views need of the page around them.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { hasChosenLanguage, setLanguage, state, t } from "./state.js";

const SESSION = `query Session {
  site { name languages { tag name } signUpPolicy termsVersion termsUrl }
  viewer { user { id fullName language timeZone isVetted } }
}`;

/** Asks again what the site is and who is signed in. */
export async function refreshSession() {
  Object.assign(state, await ask(SESSION));
  if (state.viewer && !hasChosenLanguage()) setLanguage(state.viewer.user.language);
}

/** Goes to a view; to the one shown, again. `replace` leaves no way back to the one before. */
export function go(path, { replace = false } = {}) {
  if (location.hash === `#${path}`) dispatchEvent(new Event("hashchange"));
  else if (replace) location.replace(`#${path}`);
  else location.hash = path;
}

/** A view that says one thing, and what can be done about it. */
export function empty(message, ...actions) {
  return { title: message, node: h("div", { class: "empty" }, h("h1", {}, message), actions) };
}

/** The view of what is not there for the viewer. */
export function missing() {
  return empty(t("notFound"), state.viewer ? null : h("a", { class: "button", href: "#/sign-in" }, t("signIn")));
}

/** Says when a text is not in the language asked for, or is out of date. */
export function languageNote(text) {
  if (text.language !== state.language) {
    const name = new Intl.DisplayNames([state.language], { type: "language" }).of(text.language);
    return h("p", { class: "note" }, t("original", { language: name }));
  }
  return text.isOutdated ? h("p", { class: "note" }, t("outdated")) : null;
}
