// A course: what it is about, its lessons, and how far the learner is.

import { ask, change } from "./api.js";
import { certificate } from "./certificate.js";
import { announce, h, icon, inLanguage } from "./dom.js";
import { action } from "./forms.js";
import { progress } from "./courses.js";
import { go, languageNote, missing } from "./shell.js";
import { state, t } from "./state.js";

const COURSE = `query Course($slug: String!, $language: Language) {
  course(slug: $slug) {
    id slug viewerCanEnrol
    text(language: $language) { title summary descriptionHtml language direction isOutdated }
    publishedVersion {
      lessonCount estimatedMinutes
      modules {
        id position
        text(language: $language) { title summary language direction }
        lessons {
          permanentId kind isRequired estimatedMinutes
          text(language: $language) { title language direction }
          viewerProgress { state }
        }
      }
    }
    viewerEnrolment {
      state completedRequiredLessonCount requiredLessonCount
      resumeLesson { permanentId text(language: $language) { title language direction } }
      completion { id code revokedAt revocationReason }
    }
  }
}`;

const ENROL = `mutation Enrol($id: ID!) {
  courseEnrol(id: $id) { enrolment { state } userErrors { message } }
}`;

export async function courseView(slug) {
  const { course } = await ask(COURSE, { slug, language: state.language });
  if (!course) return missing();
  const { text, publishedVersion } = course;
  return {
    title: text.title,
    node: h("article", { class: "course" },
      h("header", { class: "wide" },
        h("h1", inLanguage(text), text.title),
        h("p", { class: "lead", ...inLanguage(text) }, text.summary),
        h("p", { class: "facts" },
          h("span", {}, t("lessonCount", { n: publishedVersion?.lessonCount ?? 0 })),
          h("span", {}, t("minutes", { n: publishedVersion?.estimatedMinutes ?? 0 })))),
      h("aside", { class: "card standing" }, standing(course)),
      h("div", { class: "about" },
        languageNote(text),
        h("div", { class: "prose", ...inLanguage(text), html: text.descriptionHtml }),
        (publishedVersion?.modules ?? []).map((module) => section(course, module)))),
  };
}

function standing(course) {
  const enrolment = course.viewerEnrolment;
  if (!state.viewer) return h("a", { class: "button primary", href: "#/sign-in" }, t("signInToEnrol"));
  if (!enrolment || enrolment.state === "WITHDRAWN") {
    if (course.viewerCanEnrol) return action(t("enrol"), () => enrol(course));
    return state.viewer.user.isVetted ? null : h("p", { class: "note" }, t("waitingToBeVetted"));
  }
  const { completion, resumeLesson } = enrolment;
  return [
    h("h2", {}, completion ? t("courseDone") : t("yourProgress")),
    progress(enrolment),
    completion && certificate(completion),
    resumeLesson && !completion && h("p", {},
      h("a", { class: "button primary", href: `#/course/${course.slug}/lesson/${resumeLesson.permanentId}` }, t("goOn")),
      h("small", { class: "next", ...inLanguage(resumeLesson.text) }, resumeLesson.text.title)),
  ];
}

async function enrol({ id, slug }) {
  const { userErrors } = await change(ENROL, { id });
  if (userErrors.length) return userErrors;
  announce(t("enrolled"));
  go(`/course/${slug}`);
}

function section({ slug }, { id, position, text, lessons }) {
  return h("section", { class: "module", "aria-labelledby": id },
    h("h2", { id },
      h("small", {}, t("module", { n: position }), " "),
      h("span", inLanguage(text), text.title)),
    text.summary && h("p", { class: "hint", ...inLanguage(text) }, text.summary),
    lessonList(slug, lessons));
}

/** Lessons as links, with what each is and how far the learner is with it. */
export function lessonList(slug, lessons, currentId = null) {
  return h("ol", { class: "lessons" }, lessons.map((lesson) => {
    const done = lesson.viewerProgress?.state;
    return h("li", { class: done?.toLowerCase() },
      h("a", {
        href: `#/course/${slug}/lesson/${lesson.permanentId}`,
        "aria-current": lesson.permanentId === currentId ? "page" : null,
      },
      icon(lesson.kind),
      h("span", { class: "name", ...inLanguage(lesson.text) }, lesson.text.title),
      h("small", {},
        t(`kind_${lesson.kind}`), " · ", t("minutes", { n: lesson.estimatedMinutes }),
        lesson.isRequired ? null : [" · ", t("optional")],
        done === "STARTED" ? [" · ", t("state_STARTED")] : null),
      done === "COMPLETED" && h("span", { class: "tick" },
        icon("done"), h("span", { class: "visually-hidden" }, t("state_COMPLETED")))));
  }));
}
