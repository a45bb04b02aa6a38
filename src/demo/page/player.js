// Playing a recording, with captions and its transcript.
//
// HLS is played by the browser where it can (Chromium, Edge, Safari), by hls.js
// where a script has put it into `window.Hls`, else the file as uploaded plays.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { action, messageOf } from "./forms.js";
import { date, number, state, t } from "./state.js";
import { transcript } from "./transcript.js";
import { watching } from "./watching.js";

export const RECORDING_FIELDS = `fragment Recording on Recording {
  id durationSeconds isPlayable recordedOn
  speakers { name role }
  captions { language direction label transcript { startSeconds endSeconds text } }
  playback { ticket hlsUrl progressiveUrl }
  viewerWatch { share positionSeconds }
}`;

const PLAYBACK = "query Playback($id: ID!) { recording(id: $id) { playback { ticket hlsUrl progressiveUrl } } }";
const RENEWAL_PAUSE = 20_000; // milliseconds between two tries to get new addresses

/** An address of ours below the name that the page was opened by, which may be another than the site's own. */
const here = (address) => address && new URL(address).pathname;

/** The recording; `progress` is that of its lesson, when it has one. */
export function player(recording, progress = null) {
  const { playback, captions } = recording;
  const share = h("p", { class: "hint" });
  const showShare = (watch) => { share.textContent = watch?.share ? t("watched", { n: number(Math.floor(watch.share * 100)) }) : ""; };
  showShare(recording.viewerWatch);
  const about = facts(recording);
  if (!playback) {
    return { node: [h("p", { class: "note" }, t("notPlayable")), about] };
  }

  const video = h("video", { controls: true, playsinline: true, preload: "metadata" });
  const problem = h("p", { class: "error", role: "alert", hidden: true });
  const source = sources(video, recording, problem);
  const tracks = addCaptions(video, captions);
  const report = state.viewer && watching(video, recording, source, (watch) => {
    showShare(watch);
    progress?.refresh().catch(() => {}); // asked again with the next report
  });
  const written = transcript(video, captions, tracks, progress);
  return {
    leave() {
      report?.stop();
      source.stop();
    },
    node: [h("div", { class: "player" }, video, problem), share, about, written],
  };
}

/** Gives the video its source, and a new one when that fails. */
function sources(video, recording, problem) {
  let { playback } = recording;
  let hls = null, hlsFailed = false, renewedAt = 0;

  function attach() {
    hls?.destroy();
    hls = null;
    const hlsUrl = hlsFailed ? null : here(playback.hlsUrl);
    // Players of HLS read bytes, which come by redirect from another origin: that needs CORS.
    video.crossOrigin = hlsUrl ? "anonymous" : null;
    if (hlsUrl && window.Hls?.isSupported()) {
      hls = new window.Hls({
        enableWebVTT: false, // captions are added here, for every way of playing
        enableWorker: false, // the page's policy has no workers from blobs
      });
      hls.on(window.Hls.Events.ERROR, (_, { fatal }) => fatal && failed());
      hls.loadSource(hlsUrl);
      hls.attachMedia(video);
    } else if (hlsUrl && (video.canPlayType("application/vnd.apple.mpegurl") || !playback.progressiveUrl)) {
      video.src = hlsUrl;
    } else {
      video.src = here(playback.progressiveUrl);
    }
  }

  /** Plays on where it stopped: addresses end, and a first HLS failure may be the browser's. */
  async function failed() {
    if (Date.now() - renewedAt < RENEWAL_PAUSE) return giveUp();
    const [at, wasPlaying] = [video.currentTime, !video.paused];
    if (at === 0 && playback.hlsUrl && playback.progressiveUrl && !hlsFailed) hlsFailed = true;
    else renewedAt = Date.now();
    try {
      await renew();
    } catch (error) {
      return giveUp(messageOf(error));
    }
    attach();
    video.currentTime = at;
    if (wasPlaying) video.play().catch(() => {}); // the browser may want the person to press play
  }

  async function renew() {
    playback = (await ask(PLAYBACK, { id: recording.id })).recording?.playback ?? playback;
  }

  function giveUp(message = t("playFailed")) {
    problem.hidden = false;
    problem.replaceChildren(message, " ", action(t("tryAgain"), async () => {
      await renew();
      problem.hidden = true;
      const at = video.currentTime;
      attach();
      video.currentTime = at;
    }));
  }

  video.addEventListener("error", () => hls || !video.src || failed());
  video.addEventListener("loadedmetadata", () => {
    const stopped = recording.viewerWatch?.positionSeconds ?? 0;
    if (stopped > 3 && stopped < video.duration - 3) video.currentTime = stopped;
  }, { once: true });
  attach();
  return {
    ticket: () => playback.ticket,
    renew,
    stop() {
      video.pause();
      hls?.destroy();
      video.removeAttribute("src");
      video.load();
    },
  };
}

/** One text track a language; that of the page, else the spoken one, shows at once. */
function addCaptions(video, captions) {
  const shown = captions.find(({ language }) => language === state.language) ?? captions[0];
  return captions.map((each) => {
    const track = video.addTextTrack("captions", each.label, each.language);
    for (const { startSeconds, endSeconds, text } of each.transcript) {
      track.addCue(new VTTCue(startSeconds, endSeconds, text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")));
    }
    track.mode = each === shown ? "showing" : "hidden";
    return track;
  });
}

function facts({ recordedOn, speakers }) {
  const names = new Intl.ListFormat(state.language).format(
    speakers.map(({ name, role }) => `\u2068${role ? `${name} (${role})` : name}\u2069`));
  return h("p", { class: "facts" },
    recordedOn && h("span", {}, t("recordedOn", { date: date(recordedOn) })),
    names && h("span", {}, `${t("speakers")}: ${names}`));
}
