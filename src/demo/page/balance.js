// The seats of a webinar and the balance of those accepted for it, beside all who were named.

import { h } from "./dom.js";
import { action } from "./forms.js";
import { countryName } from "./places.js";
import { number, t } from "./state.js";

/** What can be decided about a nominee, and the states that it leads to. */
export const DECISIONS = { ACCEPT: ["ACCEPTED", "CONFIRMED"], WAIT_LIST: ["WAITING"], DECLINE: ["DECLINED"] };

/** What `standingOf` shows. */
export const STANDING = `query Standing($id: ID!) {
  webinar(id: $id) { seatsLeft inviting { nomineeBalance { all { ...Counts } accepted { ...Counts } } } }
}
fragment Counts on NomineeCounts {
  count byGender { value count } byOrganisationKind { value count } byCountry { value count }
}`;

/** What the balance is by: the heading, the field, and what its values are called. */
const BALANCE = [
  ["countsBy_GENDER", "byGender", (value) => t(`people_${value}`)],
  ["countsBy_ORGANISATION_KIND", "byOrganisationKind", (value) => t(`office_${value}`)],
  ["countsBy_COUNTRY", "byCountry", countryName],
];

/** Seats left and the balance of those accepted beside the whole; `decide` is about those who are ticked. */
export function standingOf(decide) {
  const left = h("strong");
  const accepted = h("span");
  const count = h("span");
  const balance = h("dl");
  const ways = Object.keys(DECISIONS).map((decision) => action(t(`decide_${decision}`), () => decide(decision)));
  const standing = {
    node: h("section", { class: "card standing" },
      h("h3", { id: "standing" }, t("seatsAndBalance")),
      h("p", { class: "facts" }, left, accepted),
      decide && h("div", { class: "facts", role: "group", "aria-labelledby": "ticked" }, h("span", { id: "ticked" }, count), ways),
      h("div", { class: "balance", role: "group", "aria-labelledby": "standing", tabindex: 0 }, balance)),
    seats: () => left.textContent,
    ticked(n) { count.textContent = t("tickedCount", { n: number(n) }); },
    show({ seatsLeft, inviting: { nomineeBalance: { all, accepted: some } } }) {
      left.textContent = seatsLeft === null ? "" : t("seatsLeft", { n: number(seatsLeft) });
      accepted.textContent = t("acceptedOf", { n: number(some.count), all: number(all.count) });
      balance.replaceChildren(...BALANCE.map(([heading, by, label]) => h("div", {},
        h("dt", {}, t(heading)),
        h("dd", {}, h("ul", {}, all[by].map(({ value, count: whole }) => {
          const n = some[by].find((each) => each.value === value)?.count ?? 0;
          return h("li", {}, t("ofAll", { what: value === null ? t("notStated") : label(value), n: number(n), all: number(whole) }));
        }))))));
    },
  };
  standing.ticked(0);
  return standing;
}
