// Form fields with their errors beside them.

import { h } from "./dom.js";
import { t } from "./state.js";
import { ApiError } from "./api.js";

let count = 0;

/** A labelled control. `name` is the last part of the API's field path. */
export function field(name, label, control, hint) {
  const id = `field-${++count}`;
  control.id = id;
  control.name = name;
  control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  const isBox = control.type === "checkbox";
  const text = h("label", { for: id }, label);
  return h("div", { class: isBox ? "field box" : "field" },
    isBox ? [control, text] : [text, control],
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    h("p", { class: "error", id: `${id}-error`, hidden: true }));
}

/** A new password, hidden as it is typed unless the person wants to see it. */
export function newPassword(name, label) {
  const control = h("input", {
    type: "password", autocomplete: "new-password", autocapitalize: "none", spellcheck: "false", required: true, dir: "ltr",
  });
  const box = h("input", { type: "checkbox", onchange: () => { control.type = box.checked ? "text" : "password"; } });
  return { control, fields: [field(name, label, control, t("newPasswordHint")), field("shown", t("showPassword"), box)] };
}

/**
 * A form whose `submit` answers user errors, or nothing when all went well. They
 * are shown beside their fields, the rest above the button.
 */
export function form(properties, children, label, submit) {
  const general = h("p", { class: "error", role: "alert", hidden: true });
  const button = h("button", { class: "primary" }, label);
  const element = h("form", { novalidate: true, ...properties }, children, general, button);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (element.dataset.busy) return;
    element.dataset.busy = "1";
    button.setAttribute("aria-disabled", "true");
    // What was wrong stands until there is an answer, so that nothing moves beneath a second click.
    show(element, general, await problemsOf(() => submit(new FormData(element))));
    delete element.dataset.busy;
    button.removeAttribute("aria-disabled");
  });
  return element;
}

/** The user errors that `act` answers, or what to tell of a request that was refused as a whole. */
async function problemsOf(act) {
  try {
    return (await act()) ?? [];
  } catch (error) {
    return [{ message: messageOf(error) }];
  }
}

function clear(element, general) {
  general.hidden = true;
  for (const control of element.elements) control.removeAttribute("aria-invalid");
  for (const message of element.querySelectorAll(".field .error")) message.hidden = true;
}

function show(element, general, userErrors) {
  clear(element, general);
  const others = [];
  for (const { field: path, message } of userErrors) {
    const control = path?.length ? element.elements[path[path.length - 1]] : null;
    const place = control && document.getElementById(`${control.id}-error`);
    if (!place) {
      others.push(message);
      continue;
    }
    place.replaceChildren(...(place.hidden ? [] : [...place.childNodes, h("br")]), message);
    place.hidden = false;
    control.setAttribute("aria-invalid", "true");
  }
  general.textContent = others.join(" ");
  general.hidden = others.length === 0;
  element.querySelector("[aria-invalid]")?.focus();
}

const MESSAGES = {
  UNREACHABLE: "unreachable",
  UNAVAILABLE: "unreachable",
  RATE_LIMITED: "tooMany",
  FORBIDDEN: "notAllowed",
  UNAUTHENTICATED: "signInFirst",
  NOT_FOUND: "notFound",
  PAYLOAD_TOO_LARGE: "tooLarge",
};

/** What to tell a person about a request that was refused as a whole. */
export function messageOf(error) {
  if (!(error instanceof ApiError)) console.error(error);
  return t(MESSAGES[error.code] ?? "wentWrong");
}

/**
 * A button that runs `act` and says beside itself what went wrong. `act` may
 * answer user errors.
 */
export function action(label, act, properties = {}) {
  const problem = h("span", { class: "error", role: "alert" });
  const button = h("button", { type: "button", class: "primary", ...properties }, label);
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    problem.textContent = (await problemsOf(act)).map(({ message }) => message).join(" ");
    busy = false;
    button.removeAttribute("aria-disabled");
  });
  return h("span", { class: "action" }, button, problem);
}

const DOUBLE_CLICK = 500; // milliseconds

/**
 * A button for what cannot be taken back: it asks `question` beneath itself, and `act` runs when that is answered with
 * `yes`. The button stays where it is, and nobody says yes by the second of two clicks.
 */
export function asking(label, question, yes, act) {
  const id = `question-${++count}`;
  const open = h("button", { type: "button", class: "plain", "aria-expanded": "false", "aria-controls": id }, label);
  const no = h("button", { type: "button", class: "button" }, t("no"));
  const sure = action(yes, act);
  const box = h("div", { class: "note", role: "group", id, "aria-labelledby": `${id}-text`, hidden: true },
    h("p", { id: `${id}-text` }, question), h("p", { class: "ways" }, no, sure));
  const fold = (isFolded) => {
    box.hidden = isFolded;
    open.setAttribute("aria-expanded", String(!isFolded));
    (isFolded ? open : no).focus();
  };
  open.addEventListener("click", () => {
    if (!box.hidden) return no.focus();
    const button = sure.querySelector("button");
    button.disabled = true;
    setTimeout(() => { button.disabled = false; }, DOUBLE_CLICK);
    fold(false);
  });
  no.addEventListener("click", () => fold(true));
  box.addEventListener("keydown", ({ key }) => key === "Escape" && fold(true));
  return h("div", { class: "asking" }, open, box);
}

/** Fields for the questions of a webinar, and what was answered in them. */
export function asked(questions) {
  const all = questions.map(({ id, isRequired, text }) => {
    const control = h("textarea", { rows: 2, maxlength: 1000, required: isRequired, dir: "auto" });
    return { id, control, field: field(id, text.prompt, control) };
  });
  const answered = () => all.filter(({ control }) => control.value.trim());
  return {
    fields: all.map((each) => each.field),
    answers: () => answered().map(({ id, control }) => ({ questionId: id, answer: control.value })),
  };
}
