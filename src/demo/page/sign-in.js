// Signing in, with the people of the demo at hand.

import { change, people } from "./api.js";
import { h } from "./dom.js";
import { field, form } from "./forms.js";
import { go, refreshSession } from "./shell.js";
import { state, t } from "./state.js";

const SIGN_IN = `mutation SignIn($input: SessionStartInput!) {
  sessionStart(input: $input) { viewer { user { id } } userErrors { field message } }
}`;

/** `reason` is why the person is here: `new-password` when they have just set one. */
export async function signInView(reason) {
  const email = h("input", {
    type: "email", autocomplete: "username", required: true, dir: "ltr", value: state.email,
    oninput: () => { state.email = email.value; },
  });
  const password = h("input", { type: "password", autocomplete: "current-password", required: true, dir: "ltr" });
  const shared = h("input", { type: "checkbox" });
  const choose = (address) => {
    email.value = address;
    password.focus();
  };

  const signIn = async () => {
    const input = { email: email.value, password: password.value, sharedDevice: shared.checked, transport: "COOKIE" };
    const { viewer, userErrors } = await change(SIGN_IN, { input });
    if (!viewer) return userErrors;
    state.email = ""; // not for the next person at this device
    await refreshSession();
    go(state.back);
  };

  const known = await people();
  return {
    title: t("signIn"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("signIn")),
      reason === "new-password" && h("p", { class: "note" }, t("passwordSet")),
      form({ class: "card" }, [
        field("email", t("email"), email),
        field("password", t("password"), password),
        field("sharedDevice", t("sharedDevice"), shared, t("sharedDeviceHint")),
      ], t("signIn"), signIn),
      h("p", { class: "ways" },
        h("a", { href: "#/sign-up" }, t("signUp")),
        h("a", { href: "#/forgotten" }, t("forgotten"))),
      known.length > 0 && h("section", { class: "people", "aria-labelledby": "people" },
        h("h2", { id: "people" }, t("demoPeople")),
        h("p", { class: "hint" }, t("demoHint")),
        h("ul", {}, known.map(({ name, fullName, email: address }) => h("li", {},
          h("button", { type: "button", class: "person", onclick: () => choose(address) },
            h("bdi", {}, fullName), h("small", {}, t(`role_${name.split("-")[0]}`)))))))),
  };
}
