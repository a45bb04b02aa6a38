// A lesson: a text, a recording, a quiz, a file or a link.

import { ask, change } from "./api.js";
import { announce, h, icon, inLanguage } from "./dom.js";
import { action } from "./forms.js";
import { RECORDING_FIELDS, player } from "./player.js";
import { QUIZ_FIELDS, inLesson, quiz } from "./quiz.js";
import { languageNote, missing } from "./shell.js";
import { state, t } from "./state.js";

const LESSON = `query Lesson($slug: String!, $id: ID!, $language: Language) {
  course(slug: $slug) {
    text(language: $language) { title language direction }
    viewerEnrolment { state }
    publishedVersion { modules { lessons { permanentId text(language: $language) { title language direction } } } }
  }
  lesson(id: $id) {
    id permanentId kind estimatedMinutes url
    text(language: $language) { title bodyHtml language direction isOutdated }
    viewerProgress { state }
    document { name contentType size url }
    recording { ...Recording }
    quiz { ...Quiz }
  }
}
${RECORDING_FIELDS}
${QUIZ_FIELDS}`;

const START = "mutation Start($id: ID!) { lessonStart(id: $id) { userErrors { message } } }";

const COMPLETE = `mutation Complete($id: ID!, $reason: LessonCompleteReason!) {
  lessonComplete(id: $id, reason: $reason) { lesson { viewerProgress { state } } userErrors { message } }
}`;

const PROGRESS = "query Progress($id: ID!) { lesson(id: $id) { viewerProgress { state } } }";

export async function lessonView(slug, id) {
  const { course, lesson } = await ask(LESSON, { slug, id, language: state.language });
  if (!course || !lesson) return missing();
  const isEnrolled = Boolean(course.viewerEnrolment && course.viewerEnrolment.state !== "WITHDRAWN");
  const standing = h("p", { class: "done", hidden: true }, icon("done"), t("lessonDone"));
  const progress = lessonProgress(lesson, isEnrolled, standing);
  if (isEnrolled && lesson.viewerProgress?.state !== "COMPLETED") {
    change(START, { id: lesson.id }).then(progress.refresh).catch(() => {}); // it is asked again with the next visit
  }
  const content = await show(lesson, progress);
  const { text } = lesson;
  return {
    title: text.title,
    leave: content.leave,
    node: h("article", { class: "lesson" },
      h("p", { class: "back" }, h("a", { href: `#/course/${slug}`, ...inLanguage(course.text) }, course.text.title)),
      h("p", { class: "facts" },
        h("span", {}, t(`kind_${lesson.kind}`)), h("span", {}, t("minutes", { n: lesson.estimatedMinutes }))),
      h("h1", inLanguage(text), text.title),
      languageNote(text),
      h("div", { class: "prose", ...inLanguage(text), html: text.bodyHtml }),
      content.node,
      standing,
      !isEnrolled && h("p", { class: "note" }, t(state.viewer ? "enrolToTrack" : "signInToEnrol")),
      neighbours(slug, course, lesson.permanentId)),
  };
}

/** What the content of a lesson may do to the learner's progress. */
function lessonProgress(lesson, isEnrolled, standing) {
  let isDone = lesson.viewerProgress?.state === "COMPLETED";
  const buttons = [];
  const update = (progress) => {
    const isNew = !isDone && progress?.state === "COMPLETED";
    isDone ||= isNew;
    if (isNew) announce(t("lessonDone"));
    standing.hidden = !isDone;
    for (const button of buttons) button.hidden = isDone;
  };
  update();
  return {
    lessonId: isEnrolled ? lesson.id : null,
    /** Asks the server whether the lesson counts as completed now. */
    async refresh() {
      if (!isEnrolled || isDone) return;
      update((await ask(PROGRESS, { id: lesson.id })).lesson?.viewerProgress);
    },
    /** A button by which the learner says that they are done. */
    button(label, reason) {
      if (!isEnrolled) return null;
      const button = action(label, async () => {
        const answer = await change(COMPLETE, { id: lesson.id, reason });
        update(answer.lesson?.viewerProgress);
        return answer.userErrors;
      });
      button.hidden = isDone;
      buttons.push(button);
      return button;
    },
  };
}

async function show(lesson, progress) {
  switch (lesson.kind) {
    case "RECORDING":
      return lesson.recording ? player(lesson.recording, progress) : closed();
    case "QUIZ":
      return lesson.quiz ? lessonQuiz(lesson.quiz, progress) : closed();
    case "DOCUMENT":
      return { node: lesson.document ? documentLink(lesson.document, progress) : closed().node };
    case "LINK":
      return { node: webLink(lesson.url, progress) };
    default:
      return { node: progress.button(t("markRead"), "READ") };
  }
}

function lessonQuiz(shown, { lessonId, refresh }) {
  return quiz(shown, { begin: lessonId && inLesson(lessonId), closed: t("enrolToRead"), onDone: refresh });
}

function closed() {
  return { node: h("p", { class: "note" }, t("enrolToRead")) };
}

function documentLink({ name, size, url }, progress) {
  const kilobytes = Math.max(1, Math.round(Number(size) / 1000));
  return h("div", { class: "resource" },
    url && h("a", { class: "button", href: url, rel: "noreferrer", download: name },
      icon("DOCUMENT"), t("download", { name: `\u2068${name}\u2069` }), h("small", {}, `${kilobytes} kB`)),
    progress.button(t("markVisited"), "VISITED"));
}

function webLink(url, progress) {
  return h("div", { class: "resource" },
    h("a", { class: "button", href: url, target: "_blank", rel: "noopener noreferrer" },
      icon("LINK"), t("openLink", { host: `\u2068${new URL(url).host}\u2069` })),
    progress.button(t("markVisited"), "VISITED"));
}

function neighbours(slug, course, id) {
  const all = course.publishedVersion.modules.flatMap(({ lessons }) => lessons);
  const at = all.findIndex(({ permanentId }) => permanentId === id);
  const link = (lesson, label, kind) => lesson && h("a", { class: kind, href: `#/course/${slug}/lesson/${lesson.permanentId}` },
    h("small", {}, t(label)), h("span", inLanguage(lesson.text), lesson.text.title));
  return h("nav", { class: "neighbours", "aria-label": t("lessons") },
    link(all[at - 1], "previous", "previous"), at >= 0 && link(all[at + 1], "next", "next"));
}
