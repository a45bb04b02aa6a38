// Confirming the address by the mailed link.

import { change } from "./api.js";
import { h } from "./dom.js";
import { deadView, dropToken, tokenOf } from "./mailed.js";
import { state, t } from "./state.js";

const CONFIRM = "mutation Confirm($token: String!) { accountConfirm(token: $token) { userErrors { message } } }";

export async function confirmView() {
  const token = tokenOf("CONFIRM");
  if (!token) return deadView("CONFIRM");
  // Sent again, for example when the language changes, it is answered the same.
  const { userErrors } = await change(CONFIRM, { token });
  if (userErrors.length > 0) {
    dropToken("CONFIRM", { dead: true });
    return deadView("CONFIRM", userErrors.map(({ message }) => message).join(" "));
  }
  const policy = state.viewer?.user.isVetted ? "OPEN" : state.site.signUpPolicy;
  return {
    title: t("confirmed"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("confirmed")),
      h("div", { class: "card good" }, h("p", {}, t(`confirmed_${policy}`))),
      state.viewer
        ? h("a", { class: "button", href: "#/" }, t("courses"))
        : h("a", { class: "button primary", href: "#/sign-in" }, t("signIn"))),
  };
}
