// One post, with reporting it to the moderators.

import { change } from "./api.js";
import { h } from "./dom.js";
import { field, form } from "./forms.js";
import { date, state, t } from "./state.js";

const FLAG = `mutation Flag($input: PostFlagInput!) {
  postFlag(input: $input) { post { viewerHasFlagged } userErrors { field message } }
}`;
const REASONS = ["SPAM", "ABUSE", "CONFIDENTIAL", "OFF_TOPIC", "OTHER"];

/** `reply` answers the post; null where the viewer may not. */
export function postElement(post, reply) {
  const { number, author, createdAt, editedAt, inReplyTo, bodyHtml } = post;
  const isMine = author && author.id === state.viewer?.user.id;
  const body = bodyHtml === null
    ? h("p", { class: "hint" }, t(`post_${post.state === "SHOWN" ? "HIDDEN" : post.state}`))
    : h("div", { class: "prose", lang: post.language, dir: post.direction.toLowerCase(), html: bodyHtml });
  return h("li", { class: isMine ? "post mine" : "post", id: `post-${number}` },
    h("header", { class: "facts" },
      h("strong", {}, h("bdi", {}, author?.fullName ?? t("someone"))),
      h("time", { datetime: createdAt }, date(createdAt, { time: true })),
      editedAt && h("span", {}, t("edited")),
      h("span", { class: "number", dir: "ltr" }, `#${number}`)),
    inReplyTo && h("p", { class: "hint" }, t("replyTo", { n: inReplyTo.number })),
    body,
    post.state === "SHOWN" && h("footer", {},
      reply && h("button", { type: "button", class: "plain", onclick: reply }, t("reply")),
      state.viewer?.user.isVetted && !isMine && report(post)));
}

function report(post) {
  if (post.viewerHasFlagged) return h("span", { class: "hint" }, t("reported"));
  const reason = h("select", {}, REASONS.map((each) => h("option", { value: each }, t(`reason_${each}`))));
  const comment = h("textarea", { rows: 2, dir: "auto", maxlength: 1000 });
  const details = h("details", { class: "report" }, h("summary", {}, t("report")));
  const send = async () => {
    const input = { postId: post.id, reason: reason.value, comment: comment.value };
    const { post: flagged, userErrors } = await change(FLAG, { input });
    if (!flagged) return userErrors;
    details.replaceWith(h("span", { class: "hint", role: "status" }, t("reported")));
  };
  details.append(form({}, [field("reason", t("reportReason"), reason), field("comment", t("reportComment"), comment)], t("send"), send));
  return details;
}
