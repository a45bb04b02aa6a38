// Choosing a language, a time zone or a country. What countries are called is
// for the browser to know, which has their names in each language.

import { h } from "./dom.js";
import { field } from "./forms.js";
import { date, locale, state, t, zoneHere } from "./state.js";

/** The languages of the site, each in its own words. */
export function languageField(chosen) {
  const control = h("select", { required: true }, state.site.languages.map(({ tag, name }) =>
    h("option", { value: tag, lang: tag, selected: tag === chosen }, name)));
  return { control, field: field("language", t("preferredLanguage"), control, t("preferredLanguageHint")) };
}

// Places that browsers list by a name that is no longer theirs.
const RENAMED = {
  "Africa/Asmera": "Asmara",
  "America/Godthab": "Nuuk",
  "Asia/Calcutta": "Kolkata",
  "Asia/Katmandu": "Kathmandu",
  "Asia/Rangoon": "Yangon",
  "Asia/Saigon": "Ho Chi Minh",
  "Atlantic/Faeroe": "Faroe",
  "Europe/Kiev": "Kyiv",
  "Pacific/Enderbury": "Kanton",
  "Pacific/Ponape": "Pohnpei",
  "Pacific/Truk": "Chuuk",
};

/** IANA zones by region, at first that of this device, with the time it is there now to tell them by. */
export function zoneField(chosen = zoneHere()) {
  const places = zones(chosen);
  const regions = [...new Set(places.map(({ region }) => region))];
  const control = h("select", { required: true, dir: "ltr" }, regions.map((region) =>
    h("optgroup", { label: region }, places.filter((each) => each.region === region).map(({ zone, place }) =>
      h("option", { value: zone, selected: zone === chosen }, place)))));
  const now = h("span");
  const tell = () => {
    const time = date(new Date().toISOString(), { time: true, zone: control.value });
    now.textContent = t("timeThere", { time: `\u2068${time}\u2069` });
  };
  control.addEventListener("change", tell);
  tell();
  return { control, field: field("timeZone", t("timeZone"), control, now) };
}

/** The zones that this browser knows; the chosen one under the name that it was chosen by. */
function zones(chosen) {
  const here = zoneHere(chosen);
  const others = (Intl.supportedValuesOf?.("timeZone") ?? []).filter((zone) => zone !== here && zone !== "UTC");
  const split = (zone) => {
    const [region, ...rest] = zone.replaceAll("_", " ").split("/");
    const [place, ...around] = rest.reverse();
    const name = RENAMED[zone] ?? place ?? region;
    return { zone, region, place: around.length > 0 ? `${name} (${around.join(", ")})` : name };
  };
  const { compare } = new Intl.Collator("en");
  return [...new Set([...others, chosen, "UTC"])].map(split)
    .sort((a, b) => compare(a.region, b.region) || compare(a.place, b.place));
}

// ISO 3166-1 alpha-2, as the server has them: two letters each.
const COUNTRIES = `
  ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN
  COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM
  HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK
  MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW
  SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVI
  VNVUWFWSYEYTZAZMZW
`.match(/[A-Z]{2}/g);

/** What a country or area is called. */
export const countryName = (code) => new Intl.DisplayNames([locale()], { type: "region" }).of(code);

/** Countries and areas by name; none is chosen unless the person does. */
export function countryField(chosen) {
  const { compare } = new Intl.Collator(locale());
  const options = COUNTRIES.map((code) => ({ code, name: countryName(code) })).sort((a, b) => compare(a.name, b.name));
  const control = h("select", { autocomplete: "country" },
    h("option", { value: "" }, t("notStated")),
    options.map(({ code, name }) => h("option", { value: code, selected: code === chosen }, name)));
  return { control, field: field("country", t("country"), control) };
}
