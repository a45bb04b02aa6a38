// The certificate of a record: its code, and its files.

import { ask } from "./api.js";
import { announce, h } from "./dom.js";
import { action } from "./forms.js";
import { date, state, t } from "./state.js";

const FILES = "certificate(language: $language) { pdf { url } pdfProblem { message } badge { url } }";
const CERTIFICATE = `query Certificate($id: ID!, $language: Language!) {
  node(id: $id) { ... on Completion { ${FILES} } ... on Attendance { ${FILES} } }
}`;

/** What can be done with a record of a completion or attendance. */
export function certificate({ id, code, revokedAt, revocationReason }) {
  return [
    h("p", {},
      t("completionCode"), ": ", h("code", { dir: "ltr" }, code), " ",
      h("a", { href: `#/check/${code}` }, t("checkIt"))),
    revokedAt
      ? h("p", { class: "note" }, t("revoked", { date: date(revokedAt) }), " ", h("bdi", {}, revocationReason))
      : h("div", { class: "ways" },
        action(t("certificatePdf"), () => download(id, "pdf")),
        action(t("certificateBadge"), () => download(id, "badge"), { class: "button" })),
  ];
}

/** Fetches a file of the certificate by an address that is made now, since it lives for minutes. */
async function download(id, file) {
  const { node } = await ask(CERTIFICATE, { id, language: state.language });
  const problem = file === "pdf" && node.certificate?.pdfProblem;
  if (problem) return [problem];
  location.assign(node.certificate[file].url);
  announce(t("downloading"));
}
