// What letters about webinars lead to without an account: naming people, taking a place, being written to no more.

import { ask, change, newKey } from "./api.js";
import { announce, h, inLanguage } from "./dom.js";
import { action, asked, asking, field, form } from "./forms.js";
import { tokenAt } from "./mailed.js";
import { countryField, languageField } from "./places.js";
import { empty, go } from "./shell.js";
import { moment, number, state, t } from "./state.js";

const WEBINAR = `startsAt isRecorded showsRegistrants isCancelled
  questions { id isRequired text(language: $language) { prompt language direction } }
  text(language: $language) { title summaryHtml language direction }`;

const NOMINATION = `query Nomination($token: String!, $language: Language) {
  nomination(token: $token) {
    name quota left closesAt isOpen
    webinar { ${WEBINAR} }
    nominees { id fullName function email state }
  }
}`;

const ADD = `mutation Add($input: NomineeAddInput!) { nomineeAdd(input: $input) { nominee { id } userErrors { field message } } }`;
const WITHDRAW = `mutation Withdraw($token: String!, $id: ID!) {
  nomineeWithdraw(token: $token, id: $id) { userErrors { message } }
}`;
const PLACE = `query Place($token: String!, $language: Language) {
  place(token: $token) { fullName organisation state isOpen webinar { ${WEBINAR} } }
}`;
const ANSWER = `mutation Answer($input: NomineeAnswerInput!) { nomineeAnswer(input: $input) { userErrors { field message } } }`;
const STOP = `mutation Stop($token: String!) { invitationsStop(token: $token) { userErrors { message } } }`;

const SEATED = ["ACCEPTED", "CONFIRMED"]; // for whom a seat is held, or who took it
const GENDERS = ["FEMALE", "MALE", "OTHER", "UNDISCLOSED"];

/** The webinar that it is all about. */
function about({ startsAt, text }) {
  return [
    h("h1", inLanguage(text), text.title),
    h("p", { class: "facts" }, h("time", { datetime: startsAt }, moment(startsAt))),
    h("div", { class: "prose", ...inLanguage(text), html: text.summaryHtml }),
  ];
}

/** A link that leads nowhere any more. */
const dead = () => empty(t("linkDead"), h("p", {}, t("askWhoInvited")));

export async function nominationView() {
  const token = tokenAt("/nomination");
  const { nomination } = token ? await ask(NOMINATION, { token, language: state.language }) : {};
  if (!nomination) return token ? dead() : empty(t("linkGone"));
  const { webinar, nominees } = nomination;
  const canAdd = nomination.isOpen && nomination.left > 0;
  return {
    title: webinar.text.title,
    node: [
      ...about(webinar),
      h("h2", {}, t("whomYouName")),
      h("p", {}, t("nameUntil", { name: `\u2068${nomination.name}\u2069`, n: nomination.quota, date: `\u2068${moment(nomination.closesAt)}\u2069` })),
      canAdd && h("p", {}, t("canStillName", { n: number(nomination.left) })),
      nominees.length > 0
        ? h("ul", { class: "cards" }, nominees.map((nominee) => named(token, nominee, nomination.isOpen)))
        : h("p", { class: "empty" }, t("nobodyNamed")),
      canAdd ? naming(token) : h("p", { class: "note" }, t(nomination.isOpen ? "quotaUsed" : "namingClosed")),
    ].filter(Boolean),
  };
}

function named(token, nominee, isOpen) {
  const name = `\u2068${nominee.fullName}\u2069`;
  const withdraw = async () => {
    const { userErrors } = await change(WITHDRAW, { token, id: nominee.id });
    if (userErrors.length > 0) return userErrors;
    announce(t("takenOff", { name }));
    go("/nomination");
  };
  return h("li", { class: "card" },
    h("h3", { dir: "auto" }, nominee.fullName),
    h("p", { class: "facts" },
      nominee.function && h("span", { dir: "auto" }, nominee.function),
      h("span", { dir: "ltr" }, nominee.email),
      h("span", { class: "badge" }, t(`nominee_${nominee.state}`))),
    isOpen && nominee.state === "ACCEPTED" && asking(t("takeOff"), t("takeOffSeat", { name }), t("yesTakeOff"), withdraw),
    isOpen && !SEATED.includes(nominee.state) && action(t("takeOff"), withdraw, { class: "plain" }));
}

function naming(token) {
  const name = h("input", { required: true, maxlength: 200, dir: "auto", autocomplete: "off" });
  const work = h("input", { maxlength: 200, dir: "auto" });
  const email = h("input", { type: "email", required: true, dir: "ltr", autocomplete: "off" });
  const gender = h("select", {}, h("option", { value: "" }, t("notStated")),
    GENDERS.map((each) => h("option", { value: each }, t(`gender_${each}`))));
  const country = countryField(null);
  const language = languageField(state.language);
  let key = newKey();
  const add = async () => {
    const input = {
      key, token, fullName: name.value, function: work.value, email: email.value,
      gender: gender.value || null, country: country.control.value || null, language: language.control.value,
    };
    const { nominee, userErrors } = await change(ADD, { input });
    key = newKey(); // the next is another person
    if (nominee) go("/nomination");
    return userErrors;
  };
  return form({ class: "card" }, [
    field("fullName", t("fullName"), name),
    field("function", t("function"), work),
    field("email", t("email"), email),
    field("gender", t("gender"), gender),
    country.field,
    language.field,
  ], t("nameThem"), add);
}

export async function placeView() {
  const token = tokenAt("/place");
  const { place } = token ? await ask(PLACE, { token, language: state.language }) : {};
  if (!place) return token ? dead() : empty(t("linkGone"));
  const { webinar } = place;
  const answer = answers(token);
  const isOver = SEATED.includes(place.state) && !place.isOpen;
  const stands = isOver ? "webinarHeld" : `nominee_${place.state}`;
  return {
    title: webinar?.text.title ?? t("webinars"),
    node: [
      ...(webinar ? about(webinar) : []),
      h("p", {}, t("namedBy", { name: `\u2068${place.fullName}\u2069`, organisation: `\u2068${place.organisation}\u2069` })),
      h("p", { role: "status" }, h("strong", {}, t(webinar?.isCancelled ? "placeCancelled" : stands))),
      place.isOpen && place.state === "ACCEPTED" && answering(webinar, answer),
      place.isOpen && place.state === "CONFIRMED" && stayingAway(answer),
      place.isOpen && place.state === "CONFIRMED" && !state.viewer && h("p", {}, h("a", { class: "button primary", href: "#/sign-up" }, t("joinToCome"))),
    ].filter(Boolean),
  };
}

/** Sends answers, one at a time, until one was taken, which the page shows then. */
function answers(token) {
  let isBusy = false;
  return async (input) => {
    if (isBusy) return [];
    isBusy = true;
    let isTaken = false;
    try {
      const { userErrors } = await change(ANSWER, { input: { token, ...input } });
      isTaken = userErrors.length === 0;
      if (isTaken) go("/place");
      return userErrors;
    } finally {
      isBusy = isTaken;
    }
  };
}

function stayingAway(answer) {
  return asking(t("iDoNotCome"), t("giveSeatBack"), t("yesGiveBack"), () => answer({ comes: false }));
}

function answering(webinar, answer) {
  const agreed = h("input", { type: "checkbox" });
  const conditions = [webinar.isRecorded && t("isRecorded"), webinar.showsRegistrants && t("showsRegistrants")].filter(Boolean);
  const questions = asked(webinar.questions);
  const come = () => answer({ comes: true, acceptsConditions: agreed.checked, answers: questions.answers() });
  return h("section", { class: "card" },
    form({}, [
      ...questions.fields,
      conditions.length > 0 && field("acceptsConditions", t("agree"), agreed, conditions.join(" ")),
    ].filter(Boolean), t("iCome"), come),
    stayingAway(answer));
}

export async function stopView() {
  const token = tokenAt("/stop");
  if (!token) return empty(t("linkGone"));
  const done = h("div", { role: "status" });
  const stop = async () => {
    const { userErrors } = await change(STOP, { token });
    if (userErrors.length === 0) done.replaceChildren(h("p", { class: "note" }, t("noMoreLetters")));
    return userErrors;
  };
  return {
    title: t("stopLetters"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("stopLetters")),
      h("p", {}, t("stopLettersLead")),
      action(t("stopLetters"), stop),
      done),
  };
}
