// Links that come by mail: asking for one, keeping its token out of the
// address, and what to do when it is of no use.

import { change, people } from "./api.js";
import { h } from "./dom.js";
import { action, field, form } from "./forms.js";
import { go } from "./shell.js";
import { state, t } from "./state.js";

const LINKS = {
  CONFIRM: {
    page: "/confirm",
    sent: "/sign-up/sent",
    request: `mutation ConfirmationResend($email: String!) {
      accountConfirmationResend(email: $email) { userErrors { field message } }
    }`,
  },
  RESET: {
    page: "/reset",
    sent: "/forgotten/sent",
    request: `mutation ResetRequest($email: String!) {
      passwordResetRequest(email: $email) { userErrors { field message } }
    }`,
  },
};

const tokens = new Map(); // by page; null once the server has refused it

/** Takes a token out of the address and the history; it is kept as long as the page is open. */
export function takeToken() {
  const [page, query] = location.hash.slice(1).split("?");
  const token = new URLSearchParams(query).get("token");
  if (token === null) return;
  tokens.set(page, token);
  history.replaceState(null, "", `#${page}`);
}

/** The token of the link that led to a page. */
export function tokenAt(page) {
  return tokens.get(page);
}

/** The token of the link that was opened last. */
export function tokenOf(kind) {
  return tokens.get(LINKS[kind].page);
}

/** Forgets a token: one that has done its work, or a `dead` one. */
export function dropToken(kind, { dead = false } = {}) {
  if (dead) tokens.set(LINKS[kind].page, null);
  else tokens.delete(LINKS[kind].page);
}

/** Says that a link is on its way to `email`. */
export function goToSent(kind, email) {
  state.email = email.trim();
  go(LINKS[kind].sent);
}

/** Asks for the address that a link is to be mailed to. */
export function linkForm(kind) {
  const email = h("input", { type: "email", autocomplete: "email", required: true, dir: "ltr", value: state.email });
  return form({ class: "card" }, [field("email", t("email"), email)], t("sendLink"), async () => {
    const { userErrors } = await change(LINKS[kind].request, { email: email.value });
    if (userErrors.length > 0) return userErrors;
    goToSent(kind, email.value);
  });
}

/** A link is on its way, and can be sent again. The server does not tell who has an account, so neither can this. */
export async function sentView(kind) {
  const answer = h("div", { role: "status" });
  const again = async () => {
    answer.replaceChildren();
    const { userErrors } = await change(LINKS[kind].request, { email: state.email });
    if (userErrors.length > 0) return userErrors;
    answer.replaceChildren(h("p", { class: "note" }, t("sentAgain")));
  };
  const isDemo = (await people()).length > 0;
  return {
    title: t("lookInMail"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("lookInMail")),
      h("div", { class: "card" },
        state.email && h("p", {}, h("strong", { dir: "ltr" }, state.email)),
        h("p", {}, t(`sent_${kind}`)),
        isDemo && h("p", { class: "hint" }, t("demoMail"))),
      h("p", {}, t("noMail")),
      state.email ? h("p", {}, action(t("sendAgain"), again, { class: "button" })) : linkForm(kind),
      answer),
  };
}

/** A link that is of no use, and how to get another; `said` is what the server says of it, as far as it was asked. */
export function deadView(kind, said) {
  const isDead = tokenOf(kind) === null;
  const title = t(isDead ? "linkDead" : "linkGone");
  return {
    title,
    node: h("div", { class: "narrow" },
      h("h1", {}, title),
      h("p", {}, said || t(isDead ? `dead_${kind}` : "gone")),
      linkForm(kind),
      h("p", {}, h("a", { href: "#/sign-in" }, t("signIn")))),
  };
}
