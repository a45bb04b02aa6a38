// What the whole page knows: the site, who is signed in, and the language.

import ar from "./strings-ar.js";
import en from "./strings-en.js";
import es from "./strings-es.js";
import fr from "./strings-fr.js";
import ru from "./strings-ru.js";
import zh from "./strings-zh.js";

const STRINGS = { ar, zh, en, fr, ru, es };
const KEPT = "lyceum.language";

// `email` is the address typed last, so that nobody need type it twice; `back` is the view to which signing in leads.
export const state = { site: null, viewer: null, language: firstLanguage(), email: "", back: "/" };

function firstLanguage() {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages];
  const tags = wanted.filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  return tags.find((tag) => tag in STRINGS) ?? "en";
}

/** True when the person chose a language here, which then wins over the account's. */
export function hasChosenLanguage() {
  return localStorage.getItem(KEPT) !== null;
}

/** Shows the page in another language; `keep` remembers it on this device. */
export function setLanguage(language, { keep = false } = {}) {
  if (!(language in STRINGS)) return;
  state.language = language;
  if (keep) localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
}

/** A text of the page, with `{name}` filled in. */
export function t(key, values = {}) {
  return STRINGS[state.language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The locale of numbers and dates: Arabic texts here use European digits, as the courses do. */
export function locale() {
  return state.language === "ar" ? "ar-u-nu-latn" : state.language;
}

/** What this browser calls a time zone; that of the device when none is given or it knows no such zone. */
export function zoneHere(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone ?? "UTC";
  } catch {
    return zoneHere();
  }
}

/** A day, or with `time` an instant in the person's own time zone or another `zone`. */
export function date(value, { time = false, zone = state.viewer?.user.timeZone } = {}) {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value);
  const timeZone = isDay ? "UTC" : zoneHere(zone);
  const style = time ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "long" };
  return new Intl.DateTimeFormat(locale(), { ...style, timeZone }).format(new Date(value));
}

/** An instant in the person's own time zone, which is named. */
export function moment(value) {
  const style = { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat(locale(), { ...style, timeZone: zoneHere(state.viewer?.user.timeZone) }).format(new Date(value));
}

/** Several things in one sentence. */
export function list(things) {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(things.map(String));
}

/** A number with at most one decimal. */
export function number(value) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value);
}

/** Seconds as 1:05 or 1:02:05. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

