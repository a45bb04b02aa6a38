// Telling the server which stretches of a recording were watched.

import { change } from "./api.js";

const REPORT = `mutation Report($input: WatchReportInput!) {
  watchReport(input: $input) { watch { share positionSeconds } userErrors { code } }
}`;
const EVERY = 15_000; // milliseconds
const JUMP = 2.5; // seconds of the recording between two updates that mean a seek

/** Reports while `video` plays, at pauses and at the end; `onWatch` gets what counts. */
export function watching(video, recording, source, onWatch) {
  let from = null, to = null;
  let stretches = [];

  function advance() {
    if (video.seeking) return;
    const now = video.currentTime;
    if (from !== null && Math.abs(now - to) > JUMP) close();
    from ??= now;
    to = Math.max(now, from);
  }

  function close() {
    const end = Math.min(to, recording.durationSeconds ?? to); // players differ in the last tenth
    if (from !== null && end > from) stretches.push({ startSeconds: from, endSeconds: end });
    from = to = null;
  }

  async function report(options) {
    close();
    if (stretches.length === 0) return;
    const intervals = stretches.splice(0, 100);
    const input = { recordingId: recording.id, ticket: source.ticket(), intervals, positionSeconds: video.currentTime };
    try {
      const { watch, userErrors } = await change(REPORT, { input }, options);
      if (watch) onWatch(watch);
      if (userErrors.some(({ code }) => code === "EXPIRED")) {
        stretches.unshift(...intervals);
        await source.renew();
      }
    } catch {
      stretches.unshift(...intervals); // goes with the next report
    }
  }

  const atPause = () => {
    if (!video.seeking) advance();
    report();
  };
  const whenHidden = () => document.visibilityState === "hidden" && report({ keepalive: true });
  const timer = setInterval(() => { if (!video.paused) report(); }, EVERY);
  video.addEventListener("timeupdate", () => { if (!video.paused) advance(); });
  video.addEventListener("seeking", close);
  video.addEventListener("pause", atPause);
  video.addEventListener("ended", atPause);
  document.addEventListener("visibilitychange", whenHidden);
  return {
    stop() {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", whenHidden);
      report({ keepalive: true });
    },
  };
}
