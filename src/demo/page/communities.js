// Communities, one community with its topics, and starting a topic.

import { ask, change, newKey } from "./api.js";
import { h, inLanguage } from "./dom.js";
import { action, field, form } from "./forms.js";
import { go, languageNote, missing } from "./shell.js";
import { date, state, t } from "./state.js";

const COMMUNITIES = `query Communities($language: Language, $after: String) {
  communities(first: 20, after: $after) {
    nodes { slug text(language: $language) { title descriptionHtml language direction } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const TOPICS = `query Topics($slug: String!, $language: Language, $after: String) {
  community(slug: $slug) {
    topics(first: 20, after: $after) {
      nodes {
        id title language isPinned isLocked postCount lastPostAt viewerUnreadCount
        author { fullName }
        category { text(language: $language) { title language direction } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const COMMUNITY = `query Community($slug: String!, $language: Language) {
  community(slug: $slug) {
    viewerCanPost
    text(language: $language) { title descriptionHtml language direction isOutdated }
    categories { id isArchived viewerCanPost text(language: $language) { title language } }
  }
}`;

const START = `mutation StartTopic($input: TopicCreateInput!) {
  topicCreate(input: $input) { topic { id } userErrors { field message } }
}`;

export async function communitiesView() {
  const list = h("ul", { class: "cards" });
  const more = h("div", { class: "more" });
  await addCommunities(list, more, null);
  return {
    title: t("discussion"),
    node: [
      h("h1", {}, t("discussion")),
      list.children.length ? list : h("p", { class: "empty" }, t(state.viewer ? "noCommunities" : "noCommunitiesSignedOut")),
      more,
    ],
  };
}

async function addCommunities(list, more, after) {
  const { communities: { nodes, pageInfo } } = await ask(COMMUNITIES, { language: state.language, after });
  list.append(...nodes.map(({ slug, text }) => h("li", { class: "card" },
    h("h2", inLanguage(text), h("a", { href: `#/community/${slug}` }, text.title)),
    h("div", { class: "prose", ...inLanguage(text), html: text.descriptionHtml }))));
  more.replaceChildren(...(pageInfo.hasNextPage ? [action(t("showMore"), () => addCommunities(list, more, pageInfo.endCursor))] : []));
}

export async function communityView(slug) {
  const { community } = await ask(COMMUNITY, { slug, language: state.language });
  if (!community) return missing();
  const { text } = community;
  const list = h("ul", { class: "topics" });
  const more = h("div", { class: "more" });
  await addTopics(slug, list, more, null);
  return {
    title: text.title,
    node: [
      h("p", { class: "back" }, h("a", { href: "#/communities" }, t("discussion"))),
      h("h1", inLanguage(text), text.title),
      languageNote(text),
      h("div", { class: "prose", ...inLanguage(text), html: text.descriptionHtml }),
      h("h2", {}, t("topics")),
      list.children.length ? list : h("p", { class: "empty" }, t("noTopics")),
      more,
      state.viewer ? starter(community) : h("p", {}, h("a", { class: "button", href: "#/sign-in" }, t("signInToPost"))),
    ].filter(Boolean),
  };
}

async function addTopics(slug, list, more, after) {
  const { community: { topics: { nodes, pageInfo } } } = await ask(TOPICS, { slug, language: state.language, after });
  list.append(...nodes.map(topicLine));
  more.replaceChildren(...(pageInfo.hasNextPage ? [action(t("showMore"), () => addTopics(slug, list, more, pageInfo.endCursor))] : []));
}

function topicLine(topic) {
  const { category: { text } } = topic;
  return h("li", {},
    h("h3", { lang: topic.language, dir: "auto" }, h("a", { href: `#/topic/${topic.id}` }, topic.title)),
    h("p", { class: "facts" },
      topic.isPinned && h("span", { class: "badge" }, t("pinned")),
      topic.isLocked && h("span", { class: "badge" }, t("locked")),
      topic.viewerUnreadCount > 0 && h("span", { class: "badge new" }, t("unread", { n: topic.viewerUnreadCount })),
      h("span", inLanguage(text), text.title),
      h("span", {}, h("bdi", {}, topic.author?.fullName ?? t("someone"))),
      h("span", {}, t("postCount", { n: topic.postCount })),
      h("time", { datetime: topic.lastPostAt }, date(topic.lastPostAt))));
}

/** A form for a new topic, folded away until somebody wants it. */
function starter({ categories }) {
  const open = categories.filter(({ isArchived, viewerCanPost }) => viewerCanPost && !isArchived);
  if (open.length === 0) return null;
  const category = h("select", {}, open.map(({ id, text }) => h("option", { value: id, lang: text.language }, text.title)));
  const title = h("input", { required: true, maxlength: 200, dir: "auto" });
  const body = h("textarea", { rows: 5, required: true, dir: "auto" });
  let key = newKey();
  const start = async () => {
    const input = { key, categoryId: category.value, title: title.value, body: body.value, language: state.language };
    const { topic, userErrors } = await change(START, { input });
    if (!topic) {
      key = newKey(); // the next try is another topic
      return userErrors;
    }
    go(`/topic/${topic.id}`);
  };
  return h("details", { class: "card" }, h("summary", {}, t("startTopic")),
    form({}, [
      field("categoryId", t("topics"), category),
      field("title", t("topicTitle"), title),
      field("body", t("yourPost"), body, t("markdownHint")),
    ], t("send"), start));
}
