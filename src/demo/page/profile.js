// The profile of the person who is signed in.

import { ask, change } from "./api.js";
import { announce, h } from "./dom.js";
import { field, form } from "./forms.js";
import { countryField, languageField, zoneField } from "./places.js";
import { empty, go, refreshSession } from "./shell.js";
import { hasChosenLanguage, setLanguage, t } from "./state.js";

const PROFILE = `query Profile {
  viewer {
    user { email fullName latinName language timeZone country organisation gender isNameShownToVisitors isVetted }
  }
}`;

const UPDATE = `mutation ProfileUpdate($input: ProfileUpdateInput!) {
  profileUpdate(input: $input) { userErrors { field message } }
}`;

const GENDERS = ["FEMALE", "MALE", "OTHER", "UNDISCLOSED"];

let wasSaved = false; // said once, by the view that comes after saving

export async function profileView() {
  const { viewer } = await ask(PROFILE);
  if (!viewer) return empty(t("signInFirst"), h("a", { class: "button", href: "#/sign-in" }, t("signIn")));
  const { user } = viewer;
  const fullName = h("input", { autocomplete: "name", required: true, dir: "auto", value: user.fullName });
  const latinName = h("input", { autocomplete: "off", dir: "ltr", value: user.latinName });
  const nameShown = h("input", { type: "checkbox", checked: user.isNameShownToVisitors });
  const language = languageField(user.language);
  const zone = zoneField(user.timeZone);
  const country = countryField(user.country);
  const organisation = h("input", { autocomplete: "organization", dir: "auto", value: user.organisation });
  const gender = h("select", { autocomplete: "sex" },
    h("option", { value: "" }, t("notStated")),
    GENDERS.map((each) => h("option", { value: each, selected: each === user.gender }, t(`gender_${each}`))));

  const save = async () => {
    const told = {
      fullName: fullName.value,
      latinName: latinName.value || null,
      isNameShownToVisitors: nameShown.checked,
      language: language.control.value,
      timeZone: zone.control.value,
      country: country.control.value || null,
      organisation: organisation.value || null,
      gender: gender.value || null,
    };
    const input = Object.fromEntries(Object.entries(told).filter(([name, value]) => value !== user[name]));
    const { userErrors } = await change(UPDATE, { input });
    if (userErrors.length > 0) return userErrors;
    await refreshSession();
    // The language just chosen wins over one that was chosen for this device before.
    if (input.language && hasChosenLanguage()) setLanguage(input.language, { keep: true });
    wasSaved = true;
    go("/profile");
    announce(t("profileSaved"));
  };

  const saved = wasSaved && h("p", { class: "note" }, t("profileSaved"));
  wasSaved = false;
  return {
    title: t("profile"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("profile")),
      h("p", { class: "facts" }, h("bdi", { dir: "ltr" }, user.email)),
      saved,
      !user.isVetted && h("p", { class: "note" }, t("waitingToBeVetted")),
      form({ class: "card" }, [
        field("fullName", t("fullName"), fullName, t("fullNameHint")),
        field("latinName", t("latinName"), latinName, t("latinNameHint")),
        field("isNameShownToVisitors", t("nameShown"), nameShown, t("nameShownHint")),
        language.field,
        zone.field,
        h("fieldset", { class: "part" },
          h("legend", {}, h("h2", {}, t("aboutYou"))),
          h("p", { class: "hint" }, t("aboutYouHint")),
          country.field,
          field("organisation", t("organisation"), organisation),
          field("gender", t("gender"), gender)),
      ], t("save"), save)),
  };
}
