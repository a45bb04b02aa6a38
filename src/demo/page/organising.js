// The people of a webinar, for those who may change it: whom they invited, whom offices named, who registered and attended.

import { ask } from "./api.js";
import { attended, nameOf } from "./attended.js";
import { choosing } from "./choosing.js";
import { h, inLanguage } from "./dom.js";
import { everything, paged } from "./paged.js";
import { missing } from "./shell.js";
import { number, state, t } from "./state.js";

const WEBINAR = `query Organised($id: ID, $slug: String, $language: Language) {
  webinar(id: $id, slug: $slug) { id state viewerCanEdit text(language: $language) { title language direction } }
}`;

const INVITATIONS = `query Invitations($id: ID!, $after: String) {
  webinar(id: $id) {
    inviting {
      invitations(first: 20, after: $after) {
        nodes { id name quota deliveries { email state } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const NAMED = `query Named($id: ID!, $after: String) {
  webinar(id: $id) {
    inviting { nominees(first: 100, after: $after) { nodes { invitation { id } } pageInfo { hasNextPage endCursor } } }
  }
}`;

const REGISTRATIONS = `query Registrations($id: ID!, $after: String) {
  webinar(id: $id) {
    registrations(first: 20, after: $after) {
      nodes { state user { fullName latinName } presence { minutes hasAttended } attendance { revokedAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

export async function organisingView(name) {
  const by = name.startsWith("webinar_") ? { id: name } : { slug: name };
  const { webinar } = await ask(WEBINAR, { ...by, language: state.language });
  if (!webinar?.viewerCanEdit) return missing();
  const isOver = webinar.state === "HELD";
  const seated = h("div");
  const seat = async () => seated.replaceChildren(...await registered(webinar.id, isOver));
  const [nominees, invitations, attendance] = await Promise.all([
    choosing(webinar), invited(webinar.id), isOver && attended(webinar.id, seat), seat(),
  ]);
  return {
    title: `${t("webinarPeople")} · ${webinar.text.title}`,
    node: [
      h("p", { class: "back" }, h("a", { href: `#/webinars/${name}`, ...inLanguage(webinar.text) }, webinar.text.title)),
      h("h1", {}, t("webinarPeople")),
      isOver && attendance,
      // What is to be done stands first: before a webinar they are chosen, after it they came.
      isOver && [h("h2", {}, t("counts_registered")), seated],
      h("h2", {}, t("counts_nominated")), nominees,
      !isOver && [h("h2", {}, t("counts_registered")), seated],
      h("h2", {}, t("counts_invited")), invitations,
    ].flat(Infinity).filter(Boolean),
  };
}

/** The invitations with what became of their letters, and how many of their quota they named. */
async function invited(id) {
  const nominees = await everything(async (after) => (await ask(NAMED, { id, after })).webinar.inviting.nominees);
  const namedBy = (invitation) => nominees.filter((nominee) => nominee.invitation?.id === invitation).length;
  return paged(
    async (after) => (await ask(INVITATIONS, { id, after })).webinar.inviting.invitations,
    (invitation) => h("li", {},
      h("h3", {}, h("bdi", {}, invitation.name)),
      h("p", { class: "facts" },
        invitation.quota !== null
          && h("span", {}, t("namedOf", { n: number(namedBy(invitation.id)), quota: number(invitation.quota) })),
        invitation.deliveries.map(({ email, state: letter }) => h("span", {},
          h("bdi", {}, email), " ", h("span", { class: "badge" }, t(`letter_${letter}`)))))),
    t("nobodyYet"));
}

/** Who registered, and once it is over whether they attended. */
function registered(id, isOver) {
  return paged(
    async (after) => (await ask(REGISTRATIONS, { id, after })).webinar.registrations,
    ({ state: stands, user, presence, attendance }) => h("li", {},
      h("h3", {}, h("bdi", {}, nameOf(user))),
      h("p", { class: "facts" },
        h("span", { class: "badge" }, t(`registrant_${stands}`)),
        isOver && presence && [
          h("span", {}, t("minutes", { n: number(presence.minutes) })),
          h("span", {}, t(presence.hasAttended ? "hasAttended" : "hasNotAttended")),
        ],
        attendance && h("span", {}, t(attendance.revokedAt ? "certificateRevoked" : "certificateIssued")))),
    t("nobodyYet"));
}
