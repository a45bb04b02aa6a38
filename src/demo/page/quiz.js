// A quiz in a lesson or as a test of a webinar: its rules, an attempt, and the
// result with feedback.

import { ask, change, newKey } from "./api.js";
import { attempt } from "./attempt.js";
import { h, icon, inLanguage } from "./dom.js";
import { action } from "./forms.js";
import { languageNote } from "./shell.js";
import { number, state, t } from "./state.js";

export const QUIZ_FIELDS = `fragment Quiz on Quiz {
  id timeLimitSeconds passMarkPercent questionCount viewerAttemptsLeft
  text(language: $language) { instructionsHtml language direction isOutdated }
  viewerAttempts { id state }
  viewerBestAttempt { id scorePercent isPassed }
}`;

const ATTEMPT_FIELDS = `fragment Attempt on QuizAttempt {
  id number state startedAt deadlineAt serverTime scorePoints maxPoints scorePercent isPassed
  questions {
    questionId number kind points chosenIds isCorrect correctChoiceIds
    text(language: $language) { promptHtml choices { id text } explanationHtml language direction isOutdated }
  }
}`;

const QUIZ = `query Quiz($id: ID!, $language: Language) { quiz(id: $id) { ...Quiz } }
${QUIZ_FIELDS}`;

const ATTEMPT = `query Attempt($id: ID!, $language: Language) { quizAttempt(id: $id) { ...Attempt } }
${ATTEMPT_FIELDS}`;

const START_IN_LESSON = `mutation Start($lessonId: ID!, $key: UUID!, $language: Language) {
  quizAttemptStart(lessonId: $lessonId, key: $key) { attempt { ...Attempt } userErrors { message } }
}
${ATTEMPT_FIELDS}`;

const START_IN_WEBINAR = `mutation StartTest($webinarId: ID!, $kind: WebinarTestKind!, $key: UUID!, $language: Language) {
  webinarTestStart(webinarId: $webinarId, kind: $kind, key: $key) { attempt { ...Attempt } userErrors { message } }
}
${ATTEMPT_FIELDS}`;

/** Begins attempts in a lesson. */
export const inLesson = (lessonId) => (key) => change(START_IN_LESSON, { lessonId, key, language: state.language });

/** Begins attempts at a test of a webinar. */
export const inWebinar = (webinarId, kind) => (key) =>
  change(START_IN_WEBINAR, { webinarId, kind, key, language: state.language });

/**
 * A quiz, with an attempt that is under way opened at once. `begin` begins one; without it, `closed` says why not.
 * `later` says when the right answers are shown, `onDone` is called once an attempt is handed in.
 */
export async function quiz(shown, { begin, closed, later = t("feedbackLater"), onDone }) {
  const place = h("div", { class: "quiz" });
  let leaveAttempt = null;
  let key = newKey();

  async function load(id) {
    return (await ask(ATTEMPT, { id, language: state.language })).quizAttempt;
  }

  async function reload() {
    shown = (await ask(QUIZ, { id: shown.id, language: state.language })).quiz;
  }

  function show(...nodes) {
    leaveAttempt?.();
    leaveAttempt = null;
    place.replaceChildren(...nodes.flat().filter(Boolean));
  }

  function rules() {
    const { timeLimitSeconds: limit, viewerAttemptsLeft: left, viewerBestAttempt: best } = shown;
    const label = best ? "tryQuizAgain" : "startQuiz";
    return h("div", { class: "card" },
      languageNote(shown.text),
      h("div", { class: "prose", ...inLanguage(shown.text), html: shown.text.instructionsHtml }),
      h("p", { class: "facts" },
        h("span", {}, t("questionCount", { n: shown.questionCount })),
        limit !== null && h("span", {}, t("timeLimit", { n: number(limit / 60) })),
        h("span", {}, t("passMark", { n: shown.passMarkPercent })),
        best?.isPassed && h("span", {}, t("passed")),
        left !== null && !best?.isPassed && h("span", {}, left > 0 ? t("attemptsLeft", { n: left }) : t("noAttemptsLeft")),
        best && h("span", {}, t("bestScore", { n: number(best.scorePercent) }))),
      left === 1 && begin && h("p", { class: "hint" }, t("onlyAttempt")),
      left !== 0 && (begin ? action(t(label), start) : h("p", { class: "note" }, closed)));
  }

  async function start() {
    const answer = await begin(key);
    if (!answer.attempt) return answer.userErrors;
    key = newKey();
    open(answer.attempt);
  }

  function open(begun) {
    const running = attempt(begun, { isTimed: shown.timeLimitSeconds !== null, load, onDone: finish });
    show(running.node);
    leaveAttempt = running.leave;
    place.querySelector("h2")?.focus();
  }

  async function finish(done) {
    await reload();
    show(result(done, later), rules());
    place.querySelector("h2").focus();
    await onDone?.();
  }

  const latest = shown.viewerAttempts[0];
  const last = latest && await load(latest.id);
  if (last?.state === "IN_PROGRESS") open(last);
  else if (last) show(rules(), result(last, later));
  else show(rules());
  return { node: place, leave: () => leaveAttempt?.() };
}

function result(done, later) {
  const { id, scorePoints, maxPoints, scorePercent, isPassed, state: how } = done;
  const hasFeedback = done.questions.some(({ correctChoiceIds }) => correctChoiceIds);
  return h("section", { class: "result", "aria-labelledby": id },
    h("h2", { id, tabindex: "-1" }, t("result")),
    h("p", { class: isPassed ? "verdict good" : "verdict" },
      h("strong", {}, t(isPassed ? "passed" : "notPassed")), " ",
      h("span", {}, t("score", { points: scorePoints, max: maxPoints, percent: number(scorePercent) }))),
    how === "TIMED_OUT" && h("p", { class: "note" }, t("timeUp")),
    !hasFeedback && h("p", { class: "hint" }, later),
    h("ol", { class: "answers" }, done.questions.map(answered)));
}

function answered({ number: n, text, chosenIds, correctChoiceIds, isCorrect }) {
  const isTold = isCorrect !== null;
  return h("li", { class: isTold ? `card ${isCorrect ? "good" : "bad"}` : "card" },
    h("p", { class: "facts" },
      h("span", {}, t("question", { n })), isTold && h("strong", {}, t(isCorrect ? "correct" : "wrong"))),
    h("div", { class: "prose", ...inLanguage(text), html: text.promptHtml }),
    h("ul", { class: "chosen", ...inLanguage(text) }, text.choices
      .filter(({ id }) => chosenIds.includes(id) || correctChoiceIds?.includes(id))
      .map(({ id, text: choice }) => h("li", { class: chosenIds.includes(id) ? "mine" : null },
        choice, correctChoiceIds?.includes(id) && h("span", { class: "right", lang: state.language },
          icon("done"), h("small", {}, t("rightAnswer")))))),
    text.explanationHtml && h("div", { class: "prose why", ...inLanguage(text), html: text.explanationHtml }));
}
