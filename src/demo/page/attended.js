// Who was at a webinar that is over: sending the list of the meeting tool, settling its lines in doubt, issuing certificates.

import { ask, change } from "./api.js";
import { announce, h } from "./dom.js";
import { action, field, form } from "./forms.js";
import { everything, paged } from "./paged.js";
import { date, moment, number, t } from "./state.js";

const REGISTRANTS = `query Registrants($id: ID!, $after: String) {
  webinar(id: $id) {
    registrations(first: 100, after: $after) {
      nodes { id state user { fullName latinName } presence { hasAttended } attendance { revokedAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const DOUBTS = `query Doubts($id: ID!, $after: String) {
  webinar(id: $id) {
    attendanceLines(onlyDoubts: true, first: 20, after: $after) {
      nodes { id line name email joinedAt leftAt matchedBy registration { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const IMPORT = `mutation Import($id: ID!, $csv: String!) {
  webinarAttendanceImport(id: $id, csv: $csv) { userErrors { field message } }
}`;
const SETTLE = `mutation Settle($id: ID!, $registrationId: ID) {
  attendanceLineSettle(id: $id, registrationId: $registrationId) { userErrors { field message } }
}`;
const ISSUE = "mutation Issue($id: ID!) { webinarCertificatesIssue(id: $id) { userErrors { message } } }";

/** What a registrant is called. */
export function nameOf(user) {
  if (!user?.fullName) return t("someone");
  return user.latinName && user.latinName !== user.fullName ? `${user.fullName} (${user.latinName})` : user.fullName;
}

/** The list, its doubts and the certificates; `changed` is told when other people may have attended. */
export async function attended(id, changed) {
  const heading = h("h2", { tabindex: "-1" }, t("doubts"));
  const doubts = h("div");
  const held = h("strong");
  const registrants = () => everything(async (after) => (await ask(REGISTRANTS, { id, after })).webinar.registrations);
  const count = (people) => {
    held.textContent = t("certificatesHeld", { n: number(people.filter(({ attendance }) => attendance?.revokedAt === null).length) });
  };
  const draw = async () => {
    const people = await registrants();
    count(people);
    const choices = people.filter(({ state: stands }) => stands !== "CANCELLED");
    doubts.replaceChildren(...await paged(
      async (after) => (await ask(DOUBTS, { id, after })).webinar.attendanceLines,
      (line) => doubt(line, choices, settled),
      t("noDoubts")));
  };
  const settled = async ({ name }, item) => {
    item.remove();
    // Those that stay keep what was chosen for them.
    await Promise.all([doubts.querySelector("li") ? null : draw(), changed()]);
    announce(t("settled", { name: `\u2068${name}\u2069` }));
    heading.focus();
  };
  const issue = async () => {
    const { userErrors } = await change(ISSUE, { id });
    count(await registrants());
    await changed();
    if (userErrors.length === 0) announce(held.textContent);
    return userErrors;
  };
  const attendees = async () => (await registrants()).filter(({ presence }) => presence?.hasAttended).length;
  const said = h("div", { role: "status" });
  const taken = async (before) => {
    const [after] = await Promise.all([attendees(), draw(), changed()]);
    said.replaceChildren(h("p", { class: "note" }, t("listTaken", { before: number(before), after: number(after) })));
  };
  await draw();
  return [
    h("h2", {}, t("attendanceList")), sending(id, attendees, taken), said,
    heading, doubts,
    h("h2", {}, t("certificates")),
    h("section", { class: "card certificates" },
      h("p", {}, held),
      h("p", { class: "hint" }, t("issueHint")),
      action(t("issueCertificates"), issue)),
  ];
}

/** A form for a list, which is a file on disk; `taken` is told how many `attendees` there were before. */
function sending(id, attendees, taken) {
  const control = h("input", { type: "file", accept: ".csv,text/csv", required: true });
  const send = async () => {
    const problem = (key) => [{ field: ["csv"], message: t(key) }];
    const [file] = control.files;
    if (!file) return problem("chooseFile");
    const csv = await textOf(file);
    if (csv === null) return problem("fileUnreadable");
    const before = await attendees();
    const { userErrors } = await change(IMPORT, { id, csv });
    if (userErrors.length > 0) return userErrors;
    control.value = "";
    await taken(before);
  };
  return form({ class: "card" }, [field("csv", t("attendanceFile"), control, t("attendanceFileHint"))], t("sendList"), send);
}

/** What a file says, in UTF-8 or as some meeting tools write, in UTF-16; null when it is gone, or no text. */
async function textOf(file) {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A line of which nobody has said for sure whose it is. */
function doubt(line, choices, settled) {
  const found = line.registration?.id;
  const control = h("select", {}, h("option", { value: "" }, t("nobodys")),
    choices.map(({ id, user }) => h("option", { value: id, selected: id === found }, nameOf(user))));
  const settle = async () => {
    const { userErrors } = await change(SETTLE, { id: line.id, registrationId: control.value || null });
    if (userErrors.length === 0) await settled(line, item);
    return userErrors;
  };
  const time = (at, shown) => h("time", { datetime: at }, shown);
  const item = h("li", {},
    h("h3", {}, h("bdi", {}, line.name)),
    h("p", { class: "facts" },
      h("span", { class: "badge" }, t(line.matchedBy === "NAME" ? "foundByName" : "foundNobody")),
      h("span", {}, t("lineNumber", { n: number(line.line) })),
      line.email && h("span", {}, h("bdi", {}, line.email)),
      h("span", {}, time(line.joinedAt, date(line.joinedAt, { time: true })), " – ", time(line.leftAt, moment(line.leftAt)))),
    form({}, [field("registrationId", t("whose"), control)], t("settle"), settle));
  return item;
}
