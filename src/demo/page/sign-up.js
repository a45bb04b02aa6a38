// Signing up.

import { change, newKey } from "./api.js";
import { h } from "./dom.js";
import { field, form, newPassword } from "./forms.js";
import { goToSent } from "./mailed.js";
import { languageField, zoneField } from "./places.js";
import { empty } from "./shell.js";
import { state, t } from "./state.js";

const SIGN_UP = "mutation SignUp($input: AccountSignUpInput!) { accountSignUp(input: $input) { userErrors { field message } } }";

/** A version such as 2026-11-01, in one piece on one line. */
const unbroken = (version) => `\u2068${version.replaceAll("-", "\u2011")}\u2069`;

export function signUpView() {
  if (state.viewer) {
    return empty(t("signedInAs", { name: `\u2068${state.viewer.user.fullName}\u2069` }),
      h("a", { class: "button", href: "#/profile" }, t("profile")));
  }
  const { signUpPolicy, termsVersion, termsUrl } = state.site;
  const fullName = h("input", { autocomplete: "name", required: true, dir: "auto" });
  const email = h("input", { type: "email", autocomplete: "email", required: true, dir: "ltr", value: state.email });
  const password = newPassword("password", t("password"));
  const language = languageField(state.language);
  const zone = zoneField();
  const terms = h("input", { type: "checkbox", required: true });
  let key = newKey();

  const signUp = async () => {
    const input = {
      key,
      fullName: fullName.value,
      email: email.value,
      password: password.control.value,
      language: language.control.value,
      timeZone: zone.control.value,
      acceptTermsVersion: terms.checked ? termsVersion : "",
    };
    const { userErrors } = await change(SIGN_UP, { input });
    if (userErrors.length > 0) return userErrors;
    goToSent("CONFIRM", email.value);
  };

  return {
    title: t("signUp"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("signUp")),
      signUpPolicy === "VETTED" && h("p", {}, t("signUpVetted")),
      // What is changed after a lost answer is another account.
      form({ class: "card", oninput: () => { key = newKey(); } }, [
        field("fullName", t("fullName"), fullName, t("fullNameHint")),
        field("email", t("email"), email),
        password.fields,
        language.field,
        zone.field,
        field("acceptTermsVersion", t("acceptTerms", { version: unbroken(termsVersion) }), terms,
          termsUrl && h("a", { href: termsUrl, target: "_blank", rel: "noopener" }, t("readTerms"))),
      ], t("signUp"), signUp),
      h("p", {}, h("a", { href: "#/sign-in" }, t("haveAccount")))),
  };
}
