// The catalogue.

import { ask } from "./api.js";
import { h, inLanguage } from "./dom.js";
import { action } from "./forms.js";
import { state, t } from "./state.js";

const COURSES = `query Courses($language: Language, $after: String) {
  courses(first: 20, after: $after) {
    nodes {
      slug
      text(language: $language) { title summary language direction }
      publishedVersion { lessonCount estimatedMinutes }
      viewerEnrolment { state completedRequiredLessonCount requiredLessonCount }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export async function coursesView() {
  const list = h("ul", { class: "cards" });
  const more = h("div", { class: "more" });
  await add(list, more, null);
  return {
    title: t("courses"),
    node: [
      state.viewer && !state.viewer.user.isVetted && h("p", { class: "note" }, t("waitingToBeVetted")),
      h("h1", {}, t("courses")),
      h("p", { class: "lead" }, t("coursesLead")),
      list.children.length ? list : h("p", { class: "empty" }, t("noCourses")),
      more,
    ].filter(Boolean),
  };
}

async function add(list, more, after) {
  const { courses } = await ask(COURSES, { language: state.language, after });
  list.append(...courses.nodes.map(card));
  const { hasNextPage, endCursor } = courses.pageInfo;
  more.replaceChildren(...(hasNextPage ? [action(t("showMore"), () => add(list, more, endCursor))] : []));
}

function card({ slug, text, publishedVersion, viewerEnrolment }) {
  return h("li", { class: "card" },
    h("h2", inLanguage(text), h("a", { href: `#/course/${slug}` }, text.title)),
    h("p", inLanguage(text), text.summary),
    h("p", { class: "facts" },
      h("span", {}, t("lessonCount", { n: publishedVersion?.lessonCount ?? 0 })),
      h("span", {}, t("minutes", { n: publishedVersion?.estimatedMinutes ?? 0 }))),
    viewerEnrolment && viewerEnrolment.state !== "WITHDRAWN" && progress(viewerEnrolment));
}

/** How far a learner is, as a bar and in words. */
export function progress({ completedRequiredLessonCount: done, requiredLessonCount: all }) {
  const words = t("progress", { done, all });
  return h("div", { class: "progress" },
    h("progress", { max: Math.max(all, 1), value: done, "aria-label": words }),
    h("span", {}, words));
}
