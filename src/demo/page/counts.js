// How many were invited to a webinar or its series, registered, came and learnt; for those who may change it.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { action, field } from "./forms.js";
import { date, state, t } from "./state.js";

const STAGES = ["invited", "nominated", "registered", "attended", "watchedRecording", "passedPreTest", "passedPostTest", "tookBothTests"];
const DIMENSIONS = ["GENDER", "REGION", "SUBREGION", "COUNTRY", "ORGANISATION_KIND", "LANGUAGE"];
const FORMATS = ["CSV", "XLSX", "SVG"];

const COUNTS = `query Counts($id: ID!, $by: CountDimension!, $language: Language) {
  webinar(id: $id) { counts { ...Counted } series { counts { ...Counted } } }
}
fragment Counted on WebinarCounts {
  takenAt webinarCount total { ...Stages }
  breakdown(by: $by) { categories(language: $language) { code label counts { ...Stages } } others { ...Stages } }
}
fragment Stages on StageCounts { ${STAGES.join(" ")} learningGain }`;

const FILE = `query CountsFile($id: ID!, $format: CountsFileFormat!, $language: Language) {
  webinar(id: $id) {
    counts { file(format: $format, language: $language) { url } }
    series { counts { file(format: $format, language: $language) { url } } }
  }
}`;

/** The counts of a webinar, and of its series to those who may change that. */
export async function countsOf(id) {
  const place = h("div");
  const choice = h("select", {}, DIMENSIONS.map((by) => h("option", { value: by }, t(`countsBy_${by}`))));
  const show = async () => {
    const { webinar } = await ask(COUNTS, { id, by: choice.value, language: state.language });
    place.replaceChildren(...[
      part(t("countsOfWebinar"), webinar.counts, choice.value, (format) => download(id, format, ({ counts }) => counts)),
      part(t("countsOfSeries"), webinar.series?.counts, choice.value, (format) => download(id, format, ({ series }) => series.counts)),
    ].flat().filter(Boolean));
    return place.children.length > 0;
  };
  choice.addEventListener("change", show);
  if (!await show()) return h("p", { class: "note" }, t("countsNone"));
  return [field("by", t("countsBy"), choice), place, h("p", { class: "hint" }, t("countsHidden"))];
}

function part(heading, counts, by, download) {
  if (!counts) return null;
  const { total, breakdown } = counts;
  const lines = breakdown.categories.map(({ code, label, counts: line }) => ({ label: name(by, code, label), line }));
  if (breakdown.others) lines.push({ label: t("countsOthers"), line: breakdown.others });
  return h("section", { class: "card" },
    h("h3", {}, heading),
    h("p", { class: "facts" }, h("time", { datetime: counts.takenAt }, t("countsTaken", { date: date(counts.takenAt) }))),
    h("div", { class: "prose" }, funnel(total), table(by, lines)),
    h("p", { class: "facts" }, FORMATS.map((format) => action(format, () => download(format), { class: "plain" }))));
}

const number = (value) => value === null ? "*" : new Intl.NumberFormat(state.language).format(value);

/** Countries are named by the browser; the API gives codes. */
function name(by, code, label) {
  if (by !== "COUNTRY" || code.length !== 2) return label;
  return new Intl.DisplayNames([state.language], { type: "region" }).of(code);
}

/** Everybody, as numbers and bars. */
function funnel(total) {
  const most = Math.max(1, ...STAGES.map((stage) => total[stage] ?? 0));
  return h("table", {},
    h("caption", {}, t("countsEverybody")),
    h("tbody", {},
      STAGES.map((stage) => h("tr", {},
        h("th", { scope: "row" }, t(`counts_${stage}`)),
        h("td", {}, number(total[stage])),
        h("td", { "aria-hidden": "true" }, h("meter", { min: 0, max: most, value: total[stage] ?? 0 })))),
      total.learningGain !== null && h("tr", {},
        h("th", { scope: "row" }, t("countsGain")), h("td", {}, number(total.learningGain)), h("td"))));
}

function table(by, lines) {
  const shown = STAGES.filter((stage) => lines.some(({ line }) => line[stage] !== 0));
  return h("table", {},
    h("caption", {}, t(`countsBy_${by}`)),
    h("thead", {}, h("tr", {}, h("td"), shown.map((stage) => h("th", { scope: "col" }, t(`counts_${stage}`))))),
    h("tbody", {}, lines.map(({ label, line }) => h("tr", {},
      h("th", { scope: "row" }, label), shown.map((stage) => h("td", {}, number(line[stage])))))));
}

async function download(id, format, counts) {
  const { webinar } = await ask(FILE, { id, format, language: state.language });
  location.assign(counts(webinar).file.url);
}
