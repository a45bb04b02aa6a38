// Starts the page: the header, the session, and which view an address shows.
// Addresses are fragments, `#/course/<slug>`, so one file serves them all.

import { change } from "./api.js";
import { announce, h, icon } from "./dom.js";
import { messageOf } from "./forms.js";
import { sentView, takeToken } from "./mailed.js";
import { empty, go, missing, refreshSession } from "./shell.js";
import { setLanguage, state, t } from "./state.js";
import { checkView } from "./check.js";
import { courseView } from "./course.js";
import { coursesView } from "./courses.js";
import { communitiesView, communityView } from "./communities.js";
import { confirmView } from "./confirm.js";
import { nominationView, placeView, stopView } from "./invited.js";
import { lessonView } from "./lesson.js";
import { organisingView } from "./organising.js";
import { forgottenView, resetView } from "./password.js";
import { profileView } from "./profile.js";
import { recordingsView, recordingView } from "./recordings.js";
import { signInView } from "./sign-in.js";
import { signUpView } from "./sign-up.js";
import { topicView } from "./topic.js";
import { webinarsView, webinarView } from "./webinars.js";

const ROUTES = [
  [/^\/?$/, coursesView],
  [/^\/course\/([^/]+)$/, courseView],
  [/^\/course\/([^/]+)\/lesson\/([^/]+)$/, lessonView],
  [/^\/recordings$/, recordingsView],
  [/^\/recording\/([^/]+)$/, recordingView],
  [/^\/webinars$/, webinarsView],
  [/^\/webinars\/([^/]+)$/, webinarView],
  [/^\/webinars\/([^/]+)\/people$/, organisingView],
  [/^\/nomination$/, nominationView],
  [/^\/place$/, placeView],
  [/^\/stop$/, stopView],
  [/^\/communities$/, communitiesView],
  [/^\/community\/([^/]+)$/, communityView],
  [/^\/topic\/([^/]+)$/, topicView],
  [/^\/sign-in(?:\/(new-password))?$/, signInView],
  [/^\/sign-up$/, signUpView],
  [/^\/sign-up\/sent$/, () => sentView("CONFIRM")],
  [/^\/confirm$/, confirmView],
  [/^\/forgotten$/, forgottenView],
  [/^\/forgotten\/sent$/, () => sentView("RESET")],
  [/^\/reset$/, resetView],
  [/^\/profile$/, profileView],
  [/^\/check(?:\/([^/]+))?$/, checkView],
];

/** Views on the way to an account, to which nobody wants to come back. */
const ON_THE_WAY = /^\/(sign-in|sign-up|confirm|forgotten|reset)(\/|$)/;

const main = document.getElementById("main");
let leave = null; // stops what the view shown has started
let shown = 0; // counts views, so that a slow one does not replace a later one

function drawHeader() {
  document.getElementById("skip").textContent = t("skip");
  const path = location.hash.slice(1) || "/";
  const link = (to, key, starts) =>
    h("a", { href: `#${to}`, "aria-current": starts.test(path) ? "page" : null }, t(key));
  const choice = h("select", { "aria-label": t("language"), onchange: changeLanguage },
    (state.site?.languages ?? []).map(({ tag, name }) =>
      h("option", { value: tag, lang: tag, selected: tag === state.language }, name)));
  document.getElementById("header").replaceChildren(
    h("a", { class: "brand", href: "#/" }, state.site?.name ?? "Lyceum"),
    h("nav", { "aria-label": t("mainMenu") },
      link("/", "courses", /^\/($|course\/)/),
      link("/recordings", "recordings", /^\/recording/),
      link("/webinars", "webinars", /^\/webinars/),
      link("/communities", "discussion", /^\/(communities|community|topic)/)),
    h("div", { class: "tools" }, choice, account(path)));
}

function account(path) {
  if (!state.viewer) return h("a", { class: "button", href: "#/sign-in" }, t("signIn"));
  const { fullName } = state.viewer.user;
  return [
    h("a", {
      class: "who", href: "#/profile", "aria-label": t("profileOf", { name: fullName }),
      "aria-current": path === "/profile" ? "page" : null,
    }, icon("person"), h("span", { dir: "auto" }, fullName)),
    h("button", { type: "button", class: "plain", onclick: signOut }, t("signOut")),
  ];
}

async function changeLanguage(event) {
  setLanguage(event.target.value, { keep: true });
  drawHeader();
  await show();
  document.querySelector("header select").focus();
}

async function signOut() {
  try {
    await change("mutation SignOut { sessionEnd { userErrors { message } } }");
    await refreshSession();
  } catch (error) {
    return announce(messageOf(error));
  }
  announce(t("signedOut"));
  go("/");
}

function find(path) {
  for (const [pattern, view] of ROUTES) {
    const match = pattern.exec(path);
    if (!match) continue;
    try {
      const parts = match.slice(1).map((part) => part && decodeURIComponent(part));
      return () => view(...parts);
    } catch {
      return null; // it was cut within a letter
    }
  }
  return null;
}

/** Shows the view of the address; `focus` moves the keyboard to its heading. */
async function show({ focus = false } = {}) {
  const number = ++shown;
  leave?.();
  leave = null;
  drawHeader();
  const waiting = setTimeout(() => main.replaceChildren(h("p", { class: "loading", role: "status" }, t("loading"))), 200);
  const path = location.hash.slice(1);
  if (!ON_THE_WAY.test(path)) state.back = path || "/";
  let view;
  try {
    const make = find(path);
    view = make ? await make() : missing();
  } catch (error) {
    // An address that was cut or mistyped has what is no id.
    view = error.code === "BAD_USER_INPUT" ? missing() : failure(error);
  }
  clearTimeout(waiting);
  if (number !== shown) {
    view.leave?.();
    return;
  }
  leave = view.leave ?? null;
  main.replaceChildren(...[view.node].flat());
  document.title = view.title ? `${view.title} · ${state.site?.name ?? "Lyceum"}` : "Lyceum";
  if (!focus) return;
  scrollTo(0, 0);
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

function failure(error) {
  const again = () => start({ focus: true });
  return empty(messageOf(error), error.code === "UNAUTHENTICATED"
    ? h("a", { class: "button", href: "#/sign-in" }, t("signIn"))
    : h("button", { type: "button", class: "primary", onclick: again }, t("tryAgain")));
}

async function start(options) {
  try {
    await refreshSession();
  } catch (error) {
    drawHeader();
    main.replaceChildren(failure(error).node);
    return;
  }
  await show(options);
}

setLanguage(state.language);
addEventListener("hashchange", () => {
  // The skip link's fragment is no address of ours.
  if (location.hash === "#main") return history.replaceState(null, "", " ");
  takeToken();
  show({ focus: true });
});
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
takeToken();
start();
