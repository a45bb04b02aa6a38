// Choosing among those whom offices named for a webinar, with the seats and the balance of those accepted in view.

import { ask, change } from "./api.js";
import { DECISIONS, STANDING, standingOf } from "./balance.js";
import { announce, h } from "./dom.js";
import { action, field, messageOf } from "./forms.js";
import { paged } from "./paged.js";
import { countryName } from "./places.js";
import { number, t } from "./state.js";

const STATES = ["NAMED", "ACCEPTED", "WAITING", "DECLINED", "CONFIRMED", "REFUSED"];

const NOMINEE = `fragment Nominee on Nominee {
  id fullName email function organisation gender country state bouncedAt registration { id }
}`;
const NOMINEES = `query Nominees($id: ID!, $state: NomineeState, $after: String) {
  webinar(id: $id) {
    inviting {
      nominees(first: 50, state: $state, after: $after) { nodes { ...Nominee } pageInfo { hasNextPage endCursor } }
    }
  }
}
${NOMINEE}`;
const SHOWN = `query Shown($ids: [ID!]!) { nodes(ids: $ids) { ...Nominee } }
${NOMINEE}`;
const DECIDE = `mutation Decide($input: NomineesDecideInput!) {
  nomineesDecide(input: $input) { userErrors { field message } }
}`;

/** The nominees; to be chosen among until the webinar is over. */
export async function choosing({ id, state: stands }) {
  const isOpen = stands === "PUBLISHED";
  let rows = new Map(); // those shown, by their ids
  let listed = 0; // counts lists, so that a slow one does not replace a later one
  let last = Promise.resolve(); // the decision before, for which the next one waits

  /** Asks how all that is shown stands now: others decide too, and a seat that becomes free goes to who waits. */
  const refresh = async () => {
    const ids = [...rows.keys()];
    const pages = Array.from({ length: Math.ceil(ids.length / 100) }, (_, page) => ids.slice(page * 100, page * 100 + 100));
    const [{ webinar }, ...found] = await Promise.all([
      ask(STANDING, { id }), ...pages.map((some) => ask(SHOWN, { ids: some })),
    ]);
    standing.show(webinar);
    found.flatMap(({ nodes }) => nodes).forEach((nominee, at) => {
      const row = rows.get(ids[at]);
      if (nominee) return row?.show(nominee);
      row?.node.remove();
      rows.delete(ids[at]);
    });
    ticked();
  };

  const decideNow = async (chosen, decision) => {
    if (chosen.length === 0) return [{ message: t("tickSomebody") }];
    const input = { webinarId: id, nomineeIds: chosen.map((row) => row.id), decision };
    const { userErrors } = await change(DECIDE, { input });
    if (userErrors.length === 0) for (const { box } of chosen) box.checked = false;
    await refresh();
    if (userErrors.length > 0) return userErrors.map((problem) => told(problem, chosen));
    // As they stand now: a seat that was given back may have come to the same person.
    const so = chosen.filter((row) => DECISIONS[decision].includes(row.state));
    const [{ name, state: now }] = chosen;
    const said = chosen.length === 1
      ? t("decidedOne", { who: `\u2068${name}\u2069`, state: t(`nominee_${now}`) })
      : t(`decided_${decision}`, { n: number(so.length) });
    announce(`${said} ${standing.seats()}`);
  };

  /** Decides about whom `who` answers once the decision before is made. */
  const decide = (who, decision) => {
    last = last.catch(() => {}).then(() => decideNow(who(), decision));
    return last;
  };

  const marked = () => [...rows.values()].filter(({ box }) => box.checked);
  const standing = standingOf(isOpen && ((decision) => decide(marked, decision)));
  const ticked = () => standing.ticked(marked().length);

  const place = h("div");
  const choice = h("select", {}, h("option", { value: "" }, t("everybody")),
    STATES.map((each) => h("option", { value: each }, t(`nominee_${each}`))));
  const list = async () => {
    const turn = ++listed;
    const found = new Map();
    const { value } = choice;
    const nodes = await paged(
      async (after) => (await ask(NOMINEES, { id, state: value || null, after })).webinar.inviting.nominees,
      (nominee) => {
        const row = rowOf(nominee, isOpen && ((decision) => decide(() => [row], decision)), ticked);
        found.set(nominee.id, row);
        return row.node;
      },
      t("nobodyYet"));
    if (turn !== listed) return;
    rows = found;
    place.replaceChildren(...nodes);
    ticked();
  };
  choice.addEventListener("change", () => list().catch((error) => {
    place.replaceChildren(h("p", { class: "error", role: "alert" }, messageOf(error)));
  }));
  const [{ webinar }] = await Promise.all([ask(STANDING, { id }), list()]);
  if (webinar.inviting.nomineeBalance.all.count === 0) return h("p", { class: "hint" }, t("nobodyYet"));
  standing.show(webinar);
  return h("div", { class: "choosing" },
    standing.node,
    h("div", {},
      isOpen && h("p", { class: "hint" }, t("chooseHint")),
      field("state", t("showOnly"), choice),
      place));
}

/** A problem with one of several says whose it is. */
function told({ field: path, message }, chosen) {
  const row = chosen[Number(path?.[2])];
  return { message: row && chosen.length > 1 ? t("saidOf", { who: `\u2068${row.name}\u2069`, what: message }) : message };
}

/** A nominee, who can be ticked and decided about. */
function rowOf(named, decide, ticked) {
  const { id, fullName, email, function: work, organisation, gender, country } = named;
  const box = h("input", { type: "checkbox", id: `tick-${id}`, onchange: ticked });
  const called = h("bdi", {}, fullName);
  const badge = h("span", { class: "badge" });
  const lost = h("span", {}, t("notReached"));
  // Pressed ones stay where they are, so that a second click meets no other.
  const buttons = Object.entries(DECISIONS).map(([decision, states]) => {
    const node = action(t(`decide_${decision}`), () => decide(decision), {
      class: "plain", "aria-label": t("saidOf", { who: t(`decide_${decision}`), what: fullName }),
    });
    return { node, states, button: node.querySelector("button") };
  });
  const ways = h("p", { class: "facts" }, buttons.map(({ node }) => node));
  const row = {
    id, box, name: fullName,
    node: h("li", { class: decide && "nominee" },
      decide && box,
      h("h3", {}, decide ? h("label", { for: box.id }, called) : called),
      h("p", { class: "facts" },
        badge,
        work && h("span", {}, h("bdi", {}, work)),
        h("span", {}, h("bdi", {}, organisation)),
        h("span", {}, h("bdi", {}, email)),
        country && h("span", {}, countryName(country)),
        gender && gender !== "UNDISCLOSED" && h("span", {}, t(`gender_${gender}`)),
        lost),
      decide && ways),
    show(nominee) {
      row.state = nominee.state;
      badge.textContent = t(`nominee_${nominee.state}`);
      lost.hidden = nominee.bouncedAt === null;
      // Who is registered has the seat until the registration is cancelled.
      const isFixed = nominee.registration !== null;
      box.hidden = isFixed;
      if (isFixed) box.checked = false;
      ways.hidden = isFixed;
      for (const { button, states } of buttons) button.setAttribute("aria-pressed", states.includes(nominee.state));
    },
  };
  row.show(named);
  return row;
}
