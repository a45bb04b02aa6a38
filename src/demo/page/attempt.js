// An attempt at a quiz: answers are saved as one goes, so nothing is lost with
// the connection; the server's clock counts.

import { change } from "./api.js";
import { announce, h, inLanguage } from "./dom.js";
import { form } from "./forms.js";
import { clock, list, moment, t } from "./state.js";

const SAVE = `mutation Save($input: QuizResponseSaveInput!) {
  quizResponseSave(input: $input) { userErrors { code message } }
}`;
const SUBMIT = "mutation Submit($id: ID!) { quizAttemptSubmit(id: $id) { userErrors { message } } }";
const RETRY = 3000; // milliseconds
const SPOKEN_MINUTES = [5, 1];

/** `load` asks for the attempt again; `onDone` gets it once it is handed in. One that is not `isTimed` may end all the same. */
export function attempt(begun, { isTimed, load, onDone }) {
  const saving = h("p", { class: "saving", role: "status" });
  const saver = makeSaver(begun, saving, finish);
  const time = h("span", { role: "timer" });
  let warned = false, ended = false;

  async function finish() {
    if (ended) return;
    const now = await load(begun.id);
    if (now.state === "IN_PROGRESS" || ended) return;
    ended = true;
    await onDone(now);
  }

  async function submit() {
    await saver.flush();
    const missing = begun.questions.filter(({ questionId }) => saver.chosen(questionId).length === 0);
    if (missing.length > 0 && !warned) {
      warned = true;
      return [{ message: t("unanswered", { list: list(missing.map(({ number }) => number)) }) }];
    }
    const { userErrors } = await change(SUBMIT, { id: begun.id });
    if (userErrors.length > 0) return userErrors;
    await finish();
  }

  const stopClock = begun.deadlineAt ? countDown(begun, time, finish) : () => {};
  return {
    leave() {
      ended = true;
      stopClock();
      saver.stop();
    },
    node: [
      h("div", { class: "running" }, saving, begun.deadlineAt
        && h("p", {}, isTimed ? [`${t("timeLeft")}: `, time] : t("openUntil", { date: moment(begun.deadlineAt) }))),
      form({ class: "attempt" }, begun.questions.map((question) => questionBox(question, saver)), t("submitQuiz"), submit),
    ],
  };
}

function questionBox(question, saver) {
  const { questionId, number, kind, points, text, chosenIds } = question;
  const type = kind === "MULTIPLE_CHOICE" ? "checkbox" : "radio";
  const box = h("fieldset", { class: "card" },
    h("legend", {}, h("h2", { tabindex: "-1" }, t("question", { n: number }))),
    h("div", { class: "prose", ...inLanguage(text), html: text.promptHtml }),
    h("p", { class: "hint" }, t(type === "radio" ? "chooseOne" : "chooseAny"), " ", t("points", { n: points })),
    text.choices.map(({ id, text: choice }) => h("label", { class: "choice", ...inLanguage(text) },
      h("input", { type, name: questionId, value: id, checked: chosenIds.includes(id) }), h("span", {}, choice))));
  box.addEventListener("change", () => {
    saver.save(questionId, [...box.querySelectorAll("input:checked")].map(({ value }) => value));
  });
  return box;
}

/** Sends answers one by one, newest state of each question only, until they have arrived. */
function makeSaver({ id, questions, startedAt, serverTime }, status, onTooLate) {
  const chosen = new Map(questions.map(({ questionId, chosenIds }) => [questionId, chosenIds]));
  const waiting = new Set();
  const begun = performance.now() - (Date.parse(serverTime) - Date.parse(startedAt));
  let sequence = 0, running = null, timer;

  /** Grows over reloads and devices: tenths of a second since the attempt began. */
  const next = () => (sequence = Math.max(sequence + 1, Math.floor((performance.now() - begun) / 100)));

  async function run() {
    status.textContent = t("saving");
    while (waiting.size > 0) {
      const [questionId] = waiting;
      waiting.delete(questionId);
      const input = { attemptId: id, questionId, chosenIds: chosen.get(questionId), sequence: next() };
      try {
        const { userErrors } = await change(SAVE, { input });
        if (userErrors.length > 0) {
          status.textContent = userErrors[0].message;
          return onTooLate();
        }
      } catch {
        waiting.add(questionId);
        status.textContent = t("notSaved");
        timer = setTimeout(flush, RETRY);
        return;
      }
    }
    status.textContent = t("saved");
  }

  function flush() {
    clearTimeout(timer);
    if (waiting.size > 0) running ??= run().finally(() => { running = null; });
    return running;
  }

  return {
    chosen: (questionId) => chosen.get(questionId),
    save(questionId, ids) {
      chosen.set(questionId, ids);
      waiting.add(questionId);
      flush();
    },
    flush: async () => flush(),
    stop: () => clearTimeout(timer),
  };
}

/** Shows the time left by the server's clock, and says it aloud near the end. */
function countDown({ deadlineAt, serverTime }, place, onEnd) {
  const end = performance.now() + Date.parse(deadlineAt) - Date.parse(serverTime);
  const spoken = new Set(SPOKEN_MINUTES.filter((minutes) => (end - performance.now()) / 60_000 < minutes));
  const timer = setInterval(tick, 1000);
  function tick() {
    const left = (end - performance.now()) / 1000;
    place.textContent = clock(left);
    for (const minutes of SPOKEN_MINUTES) {
      if (left > minutes * 60 || spoken.has(minutes)) continue;
      spoken.add(minutes);
      announce(t("minutesLeft", { n: minutes }));
    }
    // The server hands it in a moment after the deadline; ask until it has.
    if (left < -1 && Math.floor(left) % 3 === 0) Promise.resolve(onEnd()).catch(() => {});
  }
  tick();
  return () => clearInterval(timer);
}
