// Webinars to come and past, one webinar with its registration, and joining it.

import { ask, change } from "./api.js";
import { certificate } from "./certificate.js";
import { countsOf } from "./counts.js";
import { announce, h, inLanguage } from "./dom.js";
import { action, asked, asking, field, form } from "./forms.js";
import { QUIZ_FIELDS, inWebinar, quiz } from "./quiz.js";
import { go, languageNote, missing } from "./shell.js";
import { date, list, moment, state, t } from "./state.js";

const WEBINARS = `query Webinars($language: Language, $when: WebinarWhen!, $after: String) {
  webinars(first: 20, when: $when, after: $after) {
    nodes { id startsAt seatsLeft text(language: $language) { title language direction } viewerRegistration { state } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const WEBINAR = `query Webinar($id: ID, $slug: String, $language: Language) {
  webinar(id: $id, slug: $slug) {
    id slug state cancelledBecause startsAt timeZone durationMinutes seatsLeft isRegistrationOpen registrationOpensAt viewerCanEdit
    isRecorded showsRegistrants joinOpensAt spokenLanguages interpretationLanguages
    text(language: $language) { title summaryHtml language direction isOutdated }
    funders { emblem { url } text(language: $language) { name sentence language direction } }
    speakers { name text(language: $language) { role biographyHtml language direction } }
    questions { id isRequired text(language: $language) { prompt language direction } }
    materials { name url }
    recordings { id text(language: $language) { title language direction } }
    topic { id title language }
    viewerRegistration {
      id state calendarUrl answers { questionId answer } attendance { id code revokedAt revocationReason }
    }
    preTest { ...Test } postTest { ...Test }
  }
}
fragment Test on WebinarTest { kind isPublished opensAt viewerCanStart quiz { ...Quiz } }
${QUIZ_FIELDS}`;

const REGISTER = `mutation Register($input: WebinarRegisterInput!) {
  webinarRegister(input: $input) { registration { state } userErrors { field message } }
}`;

const CANCEL = `mutation CancelRegistration($id: ID!) { registrationCancel(id: $id) { userErrors { message } } }`;
const JOIN = `mutation Join($id: ID!) { webinarJoin(id: $id) { url userErrors { message } } }`;

export async function webinarsView() {
  return {
    title: t("webinars"),
    node: [
      h("h1", {}, t("webinars")),
      await cards("COMING", t("noWebinars")),
      h("h2", {}, t("pastWebinars")),
      await cards("PAST", t("noPastWebinars")),
    ].flat(),
  };
}

async function cards(when, none) {
  const items = h("ul", { class: "cards" });
  const more = h("div", { class: "more" });
  await add(when, items, more, null);
  return items.children.length ? [items, more] : h("p", { class: "empty" }, none);
}

async function add(when, items, more, after) {
  const { webinars: { nodes, pageInfo } } = await ask(WEBINARS, { language: state.language, when, after });
  items.append(...nodes.map(({ id, startsAt, seatsLeft, text, viewerRegistration }) => h("li", { class: "card" },
    h("h2", inLanguage(text), h("a", { href: `#/webinars/${id}` }, text.title)),
    h("p", { class: "facts" },
      h("time", { datetime: startsAt }, moment(startsAt)),
      when === "COMING" && seatsLeft === 0 && h("span", {}, t("noSeats")),
      viewerRegistration && h("span", { class: "badge" }, t(`registration_${viewerRegistration.state}`))))));
  more.replaceChildren(...(pageInfo.hasNextPage ? [action(t("showMore"), () => add(when, items, more, pageInfo.endCursor))] : []));
}

export async function webinarView(name) {
  const by = name.startsWith("webinar_") ? { id: name } : { slug: name };
  const { webinar } = await ask(WEBINAR, { ...by, language: state.language });
  if (!webinar) return missing();
  const { text } = webinar;
  const tests = await Promise.all([webinar.preTest, webinar.postTest]
    .filter((test) => test?.isPublished).map((test) => testOf(webinar, test)));
  return {
    title: text.title,
    leave: () => tests.forEach(({ leave }) => leave()),
    node: [
      h("p", { class: "back" }, h("a", { href: "#/webinars" }, t("webinars"))),
      h("h1", inLanguage(text), text.title),
      languageNote(text),
      facts(webinar),
      h("div", { class: "prose", ...inLanguage(text), html: text.summaryHtml }),
      part(webinar),
      tests.map(({ node }) => node),
      webinar.materials.length > 0 && [h("h2", {}, t("materials")), h("ul", {}, webinar.materials.map((file) =>
        h("li", {}, h("a", { href: file.url, dir: "auto" }, file.name))))],
      webinar.recordings.length > 0 && [h("h2", {}, t("recordingsOfIt")), h("ul", {}, webinar.recordings.map((recording) =>
        h("li", {}, h("a", { href: `#/recording/${recording.id}`, ...inLanguage(recording.text) }, recording.text.title))))],
      webinar.topic && h("p", {}, h("a", { href: `#/topic/${webinar.topic.id}` },
        t("discussIt", { title: `\u2068${webinar.topic.title}\u2069` }))),
      webinar.speakers.length > 0 && [h("h2", {}, t("speakers")), webinar.speakers.map(speaker)],
      webinar.funders.map(({ emblem, text: credit }) => h("p", { class: "hint credit", ...inLanguage(credit) },
        emblem && h("img", { src: emblem.url, alt: credit.name }), credit.sentence || credit.name)),
      webinar.viewerCanEdit && [
        h("p", {}, h("a", { class: "button", href: `#/webinars/${webinar.slug}/people` }, t("webinarPeople"))),
        h("h2", {}, t("countsHeading")), await countsOf(webinar.id),
      ],
    ].flat(Infinity).filter(Boolean),
  };
}

function facts(webinar) {
  const names = new Intl.DisplayNames([state.language], { type: "language" });
  const languages = (tags) => list(tags.map((tag) => names.of(tag)));
  const there = date(webinar.startsAt, { time: true, zone: webinar.timeZone });
  return h("p", { class: "facts" },
    h("time", { datetime: webinar.startsAt }, moment(webinar.startsAt)),
    h("span", {}, t("timeIn", { time: `\u2068${there}\u2069`, zone: `\u2068${webinar.timeZone}\u2069` })),
    h("span", {}, t("minutes", { n: webinar.durationMinutes })),
    webinar.spokenLanguages.length > 0 && h("span", {}, t("spokenIn", { languages: languages(webinar.spokenLanguages) })),
    webinar.interpretationLanguages.length > 0
      && h("span", {}, t("interpretedInto", { languages: languages(webinar.interpretationLanguages) })),
    webinar.seatsLeft !== null && webinar.state === "PUBLISHED" && h("span", {}, seats(webinar)));
}

/** How many seats are left; others than its staff are told in fives, and exactly only that there are none. */
function seats({ seatsLeft, viewerCanEdit }) {
  return t(viewerCanEdit || seatsLeft === 0 ? "seatsLeft" : "seatsLeftAbout", { n: seatsLeft });
}

function speaker({ name, text }) {
  return h("section", { class: "card" },
    h("h3", { dir: "auto" }, name),
    text.role && h("p", { class: "facts", ...inLanguage(text) }, text.role),
    h("div", { class: "prose", ...inLanguage(text), html: text.biographyHtml }));
}

/** What the viewer can do: register, join, cancel; or why not. */
function part(webinar) {
  if (webinar.state === "CANCELLED") return h("p", { class: "note" }, t("webinarCancelled", { reason: `\u2068${webinar.cancelledBecause}\u2069` }));
  if (webinar.state === "HELD") return held(webinar);
  if (!state.viewer) return h("p", {}, h("a", { class: "button", href: "#/sign-in" }, t("signInToRegister")));
  const { viewerRegistration: registration } = webinar;
  if (registration && registration.state !== "CANCELLED") return registered(webinar, registration);
  return [
    registration && h("p", { role: "status" }, h("strong", {}, t("registration_CANCELLED"))),
    !webinar.isRegistrationOpen && closed(webinar),
    webinar.isRegistrationOpen && (state.viewer.user.isVetted ? registering(webinar) : unvetted(webinar)),
  ];
}

function closed({ registrationOpensAt: opens }) {
  const later = opens && new Date(opens) > new Date();
  return h("p", { class: "note" }, later ? t("registrationOpens", { date: moment(opens) }) : t("registrationClosed"));
}

function held({ viewerRegistration: registration }) {
  const note = h("p", { class: "note" }, t("webinarHeld"));
  if (!state.viewer) return [note, h("p", {}, t("signInAfter")), h("p", {}, h("a", { class: "button", href: "#/sign-in" }, t("signIn")))];
  if (!registration || registration.state === "CANCELLED") return note;
  const { attendance } = registration;
  return [note, attendance ? h("section", { class: "card" }, certificate(attendance)) : h("p", { class: "hint" }, t("certificateToCome"))];
}

/** Who waits to be vetted can register all the same where they were let in by name, which only they and the server know. */
function unvetted(webinar) {
  return [
    h("p", { class: "note" }, t("vettedFirst")),
    h("details", { class: "fold" }, h("summary", {}, t("invitedByLetter")), registering(webinar)),
  ];
}

/** A test of the webinar; `leave` ends what it has begun here. */
async function testOf(webinar, { kind, opensAt, viewerCanStart, quiz: shown }) {
  const isPreTest = kind === "PRE";
  const shownAs = await quiz(shown, {
    begin: viewerCanStart && inWebinar(webinar.id, kind),
    closed: isPreTest || new Date(opensAt) <= new Date()
      ? t("testClosed") : t("testOpens", { date: `\u2068${moment(opensAt)}\u2069` }),
    ...(isPreTest && { later: t("feedbackAfterPostTest") }),
  });
  return { ...shownAs, node: h("section", {}, h("h2", {}, t(isPreTest ? "preTest" : "postTest")), shownAs.node) };
}

function registered(webinar, registration) {
  const join = async () => {
    const { url, userErrors } = await change(JOIN, { id: webinar.id });
    if (url) location.assign(url);
    return userErrors;
  };
  const cancel = async () => {
    const { userErrors } = await change(CANCEL, { id: registration.id });
    if (userErrors.length > 0) return userErrors;
    announce(t("registration_CANCELLED"));
    go(`/webinars/${webinar.id}`);
  };
  const question = t(registration.state === "REGISTERED" ? "cancelSeat" : "cancelWaiting");
  return h("section", { class: "card" },
    h("p", { role: "status" }, h("strong", {}, t(`registration_${registration.state}`))),
    registration.state === "REGISTERED" && [
      h("p", {}, t("joinFrom", { date: `\u2068${moment(webinar.joinOpensAt)}\u2069` })),
      action(t("join"), join),
    ],
    h("p", {}, h("a", { href: registration.calendarUrl }, t("addToCalendar"))),
    asking(t("cancelRegistration"), question, t("yesCancel"), cancel));
}

function registering(webinar) {
  const questions = asked(webinar.questions);
  const agreed = h("input", { type: "checkbox" });
  const conditions = [webinar.isRecorded && t("isRecorded"), webinar.showsRegistrants && t("showsRegistrants")].filter(Boolean);
  const register = async () => {
    const input = {
      webinarId: webinar.id,
      acceptsConditions: agreed.checked,
      answers: questions.answers(),
    };
    const { registration, userErrors } = await change(REGISTER, { input });
    if (registration) go(`/webinars/${webinar.id}`);
    return userErrors;
  };
  return h("section", { class: "card" },
    webinar.seatsLeft === 0 && h("p", { class: "note" }, t("noSeatsHint")),
    form({}, [
      ...questions.fields,
      conditions.length > 0 && field("acceptsConditions", t("agree"), agreed, conditions.join(" ")),
    ].filter(Boolean), t(webinar.seatsLeft === 0 ? "registerToWait" : "register"), register));
}
