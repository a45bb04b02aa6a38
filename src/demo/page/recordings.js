// Recordings that stand by themselves.

import { ask } from "./api.js";
import { h, inLanguage } from "./dom.js";
import { action } from "./forms.js";
import { RECORDING_FIELDS, player } from "./player.js";
import { languageNote, missing } from "./shell.js";
import { clock, date, state, t } from "./state.js";

const RECORDINGS = `query Recordings($language: Language, $after: String) {
  recordings(first: 20, after: $after) {
    nodes { id durationSeconds recordedOn text(language: $language) { title summary language direction } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const RECORDING = `query Recording($id: ID!, $language: Language) {
  recording(id: $id) {
    ...Recording
    text(language: $language) { title summary language direction isOutdated }
  }
}
${RECORDING_FIELDS}`;

export async function recordingsView() {
  const list = h("ul", { class: "cards" });
  const more = h("div", { class: "more" });
  await add(list, more, null);
  return {
    title: t("recordings"),
    node: [
      h("h1", {}, t("recordings")),
      list.children.length ? list : h("p", { class: "empty" }, t("noRecordings")),
      more,
    ],
  };
}

async function add(list, more, after) {
  const { recordings } = await ask(RECORDINGS, { language: state.language, after });
  list.append(...recordings.nodes.map(card));
  const { hasNextPage, endCursor } = recordings.pageInfo;
  more.replaceChildren(...(hasNextPage ? [action(t("showMore"), () => add(list, more, endCursor))] : []));
}

function card({ id, text, durationSeconds, recordedOn }) {
  return h("li", { class: "card" },
    h("h2", inLanguage(text), h("a", { href: `#/recording/${id}` }, text.title)),
    h("p", inLanguage(text), text.summary),
    h("p", { class: "facts" },
      durationSeconds && h("span", { dir: "ltr" }, clock(durationSeconds)),
      recordedOn && h("span", {}, date(recordedOn))));
}

export async function recordingView(id) {
  const { recording } = await ask(RECORDING, { id, language: state.language });
  if (!recording) return missing();
  const { text } = recording;
  const shown = player(recording);
  return {
    title: text.title,
    leave: shown.leave,
    node: h("article", { class: "lesson" },
      h("p", { class: "back" }, h("a", { href: "#/recordings" }, t("recordings"))),
      h("h1", inLanguage(text), text.title),
      languageNote(text),
      h("p", { class: "lead", ...inLanguage(text) }, text.summary),
      shown.node),
  };
}
