// Whether a certificate is genuine: open to anyone who was given a code.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { field, form } from "./forms.js";
import { date, t } from "./state.js";

const CHECK = `query Check($code: String!, $name: String) {
  certificateCheck(code: $code, name: $name) { kind title achievedAt revokedAt holderName nameMatches }
}`;

export async function checkView(given) {
  const code = h("input", { value: given ?? "", autocomplete: "off", autocapitalize: "characters", dir: "ltr", required: true });
  const name = h("input", { autocomplete: "off", dir: "auto" });
  const answer = h("div", { class: "answer", role: "status" });
  const check = async () => {
    const { certificateCheck } = await ask(CHECK, { code: code.value, name: name.value.trim() || null });
    answer.replaceChildren(...describe(certificateCheck));
  };
  if (given) await check();
  return {
    title: t("checkTitle"),
    node: h("div", { class: "narrow" },
      h("h1", {}, t("checkTitle")),
      h("p", { class: "lead" }, t("checkLead")),
      form({ class: "card" }, [
        field("code", t("completionCode"), code),
        field("name", t("holderName"), name),
      ], t("check"), check),
      answer),
  };
}

function describe(found) {
  if (!found) return [h("p", { class: "note" }, t("checkUnknown"))];
  const revoked = found.revokedAt;
  return [h("div", { class: revoked ? "card bad" : "card good" },
    h("p", {}, h("strong", {}, revoked ? t("checkRevoked", { date: date(revoked) }) : t("checkFound"))),
    h("p", {}, t(`checked_${found.kind}`, { title: `\u2068${found.title}\u2069`, date: date(found.achievedAt) })),
    found.holderName && h("p", { dir: "auto" }, found.holderName),
    found.nameMatches !== null && h("p", {}, t(found.nameMatches ? "nameMatches" : "nameDiffers")))];
}
