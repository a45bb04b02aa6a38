// The transcript under the player: to read instead of watching, and to jump by.

import { h } from "./dom.js";
import { clock, state, t } from "./state.js";

/** All captions as text; choosing a language also chooses the captions shown. */
export function transcript(video, captions, tracks, progress) {
  if (captions.length === 0) return h("p", { class: "note" }, t("noCaptions"));
  const first = Math.max(0, captions.findIndex(({ language }) => language === state.language));
  const text = h("div", { class: "cues", role: "region", tabindex: "0", "aria-labelledby": "transcript" });
  let cues = [];

  const draw = (index) => {
    const { language, direction, transcript: spoken } = captions[index];
    cues = spoken.map((cue) => ({ ...cue, element: line(video, cue) }));
    text.replaceChildren(h("ol", { lang: language, dir: direction.toLowerCase() }, cues.map(({ element }) => element)));
    mark();
  };
  const mark = () => {
    const at = video.currentTime;
    for (const { startSeconds, endSeconds, element } of cues) {
      element.classList.toggle("now", at > 0 && at >= startSeconds && at < endSeconds);
    }
  };
  const choose = (index) => {
    tracks.forEach((track, other) => { track.mode = other === index ? "showing" : "hidden"; });
    draw(index);
  };

  video.addEventListener("timeupdate", mark);
  draw(first);
  return h("section", { class: "transcript" },
    h("header", {},
      h("h2", { id: "transcript" }, t("transcript")),
      captions.length > 1 && h("select", { "aria-label": t("language"), onchange: (event) => choose(Number(event.target.value)) },
        captions.map(({ label, language }, index) => h("option", { value: index, lang: language, selected: index === first }, label)))),
    text,
    progress?.button(t("transcriptRead"), "TRANSCRIPT_READ"));
}

function line(video, { startSeconds, text }) {
  const time = clock(startSeconds);
  const jump = () => {
    video.currentTime = startSeconds;
    video.play().catch(() => {}); // the browser may want the person to press play
  };
  return h("li", {},
    h("button", { type: "button", class: "time", dir: "ltr", "aria-label": t("jumpTo", { time }), onclick: jump }, time),
    h("span", {}, text.replaceAll("\n", " ")));
}
