// A topic: its posts, new ones as they come, and answering.

import { ask, change, newKey } from "./api.js";
import { announce, h } from "./dom.js";
import { action, field, form } from "./forms.js";
import { follow } from "./live.js";
import { postElement } from "./post.js";
import { missing } from "./shell.js";
import { state, t } from "./state.js";

const POST_FIELDS = `fragment Post on Post {
  id number state language direction bodyHtml createdAt editedAt viewerHasFlagged
  author { id fullName }
  inReplyTo { number }
}`;

const TOPIC = `query Topic($id: ID!, $after: String, $language: Language) {
  topic(id: $id) {
    id title language isPinned isLocked postCount viewerCanPost
    category { text(language: $language) { title language direction } community { slug text(language: $language) { title language direction } } }
    posts(first: 50, after: $after) { nodes { ...Post } pageInfo { hasNextPage endCursor } }
  }
}
${POST_FIELDS}`;

const MISSED = `query Missed($id: ID!, $number: Int!) { topic(id: $id) { postsSince(number: $number) { ...Post } } }
${POST_FIELDS}`;

const ADDED = `subscription Added($id: ID!) { postAdded(topicId: $id) { ...Post } }
${POST_FIELDS}`;

const CHANGED = `subscription Changed($id: ID!) { postChanged(topicId: $id) { ...Post } }
${POST_FIELDS}`;

const SEND = `mutation Send($input: PostCreateInput!) {
  postCreate(input: $input) { post { ...Post } userErrors { field message } }
}
${POST_FIELDS}`;

const READ = "mutation Read($id: ID!, $number: Int!) { topicMarkRead(id: $id, number: $number) { userErrors { message } } }";

export async function topicView(id) {
  const { topic } = await ask(TOPIC, { id, language: state.language });
  if (!topic) return missing();
  const list = h("ol", { class: "posts" });
  const answer = topic.viewerCanPost ? replyForm(topic, (post) => posts.add([post])) : null;
  const posts = thread(topic, list, answer);
  const live = h("p", { class: "hint", role: "status" });
  const community = topic.category.community;
  const leave = followTopic(topic, posts, live);
  return {
    title: topic.title,
    leave,
    node: h("article", { class: "topic" },
      community && h("p", { class: "back" }, h("a", { href: `#/community/${community.slug}`, lang: community.text.language }, community.text.title)),
      h("h1", { lang: topic.language, dir: "auto" }, topic.title),
      h("p", { class: "facts" },
        topic.isPinned && h("span", { class: "badge" }, t("pinned")),
        topic.isLocked && h("span", { class: "badge" }, t("locked")),
        h("span", { lang: topic.category.text.language }, topic.category.text.title)),
      list, posts.more, live,
      topic.isLocked && h("p", { class: "note" }, t("topicLocked")),
      answer?.node,
      !state.viewer && h("p", {}, h("a", { class: "button", href: "#/sign-in" }, t("signInToPost")))),
  };
}

/** The posts shown, by number; those that come twice are shown once. */
function thread(topic, list, answer) {
  const shown = new Map();
  const more = h("div", { class: "more" });
  let hasAll = false;

  const element = (post) => postElement(post, answer && (() => answer.to(post)));

  function add(posts) {
    for (const post of posts) {
      if (shown.has(post.number)) continue;
      shown.set(post.number, element(post));
      const after = [...shown.keys()].filter((number) => number > post.number).sort((a, b) => a - b)[0];
      list.insertBefore(shown.get(post.number), shown.get(after) ?? null);
    }
    if (state.viewer && shown.size > 0) {
      const number = Math.max(...shown.keys());
      change(READ, { id: topic.id, number }).catch(() => {}); // marked with the next post or visit
    }
  }

  function page({ nodes, pageInfo }) {
    add(nodes);
    hasAll = !pageInfo.hasNextPage;
    more.replaceChildren(...(hasAll ? [] : [action(t("showMore"), async () => {
      page((await ask(TOPIC, { id: topic.id, language: state.language, after: pageInfo.endCursor })).topic.posts);
    })]));
  }

  page(topic.posts);
  return {
    more,
    add,
    /** New posts join the end only when all before them are shown. */
    hasAll: () => hasAll,
    last: () => Math.max(0, ...shown.keys()),
    has: ({ number }) => shown.has(number),
    change(post) {
      const old = shown.get(post.number);
      if (!old) return;
      shown.set(post.number, element(post));
      old.replaceWith(shown.get(post.number));
    },
  };
}

/** Shows posts as they come; after a pause, asks for those it missed. */
function followTopic({ id }, posts, live) {
  const catchUp = async () => {
    if (!posts.hasAll()) return;
    const { topic } = await ask(MISSED, { id, number: posts.last() });
    if (topic) posts.add(topic.postsSince);
  };
  const missed = () => catchUp().catch(() => {}); // asked again with the next connection

  function added({ postAdded: post }) {
    if (!posts.hasAll() || posts.has(post)) return;
    if (post.number > posts.last() + 1) missed();
    posts.add([post]);
    if (post.author?.id !== state.viewer?.user.id) announce(t("newPostBy", { name: post.author?.fullName ?? t("someone") }));
  }

  return follow([
    { query: ADDED, variables: { id }, onData: added },
    { query: CHANGED, variables: { id }, onData: ({ postChanged }) => posts.change(postChanged) },
  ], (isConnected) => {
    live.textContent = t(isConnected ? "live" : "liveLost");
    if (isConnected) missed();
  });
}

function replyForm(topic, onSent) {
  const body = h("textarea", { rows: 4, required: true, dir: "auto" });
  const target = h("p", { class: "note", hidden: true });
  let repliedTo = null;
  let key = newKey();

  const to = (post) => {
    repliedTo = post;
    target.hidden = !post;
    if (post) {
      target.replaceChildren(t("answers", { n: post.number }), " ",
        h("button", { type: "button", class: "plain", onclick: () => { to(null); body.focus(); } }, t("cancel")));
      body.focus();
    }
  };

  const send = async () => {
    const input = { key, topicId: topic.id, body: body.value, language: state.language, inReplyToId: repliedTo?.id ?? null };
    const { post, userErrors } = await change(SEND, { input });
    key = newKey(); // an answer came: the next try is another post
    if (!post) return userErrors;
    body.value = "";
    to(null);
    onSent(post);
  };

  const node = form({ class: "card reply" }, [target, field("body", t("yourPost"), body, t("markdownHint"))], t("send"), send);
  return { node, to };
}
