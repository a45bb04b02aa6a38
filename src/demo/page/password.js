// A forgotten password: asking for a link, and setting a new one with it.

import { change } from "./api.js";
import { announce, h } from "./dom.js";
import { field, form, newPassword } from "./forms.js";
import { deadView, dropToken, linkForm, tokenOf } from "./mailed.js";
import { go, refreshSession } from "./shell.js";
import { t } from "./state.js";

const RESET = `mutation Reset($input: PasswordResetInput!) {
  passwordReset(input: $input) { userErrors { code field message } }
}`;

export function forgottenView() {
  return {
    title: t("forgotten"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("forgotten")),
      h("p", {}, t("forgottenLead")),
      linkForm("RESET"),
      h("p", {}, h("a", { href: "#/sign-in" }, t("signIn")))),
  };
}

export function resetView() {
  const token = tokenOf("RESET");
  if (!token) return deadView("RESET");
  const password = newPassword("newPassword", t("newPassword"));
  // Asked for only when several signed up with the address.
  const fullName = h("input", { autocomplete: "name", dir: "auto" });
  const nameField = field("fullName", t("fullName"), fullName, t("fullNameHint"));
  nameField.hidden = true;

  const reset = async () => {
    const named = nameField.hidden ? {} : { fullName: fullName.value };
    const { userErrors } = await change(RESET, { input: { token, newPassword: password.control.value, ...named } });
    if (userErrors.some(({ field: path }) => path?.at(-1) === "fullName")) nameField.hidden = false;
    if (userErrors.some(({ code }) => code === "EXPIRED")) {
      dropToken("RESET", { dead: true });
      return go("/reset");
    }
    if (userErrors.length > 0) return userErrors;
    await refreshSession(); // no session outlives the old password
    dropToken("RESET");
    go("/sign-in/new-password", { replace: true });
    announce(t("passwordSet"));
  };

  return {
    title: t("setPassword"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("setPassword")),
      h("p", {}, t("setPasswordLead")),
      form({ class: "card" }, [password.fields, nameField], t("setPassword"), reset)),
  };
}
