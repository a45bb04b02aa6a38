// GraphQL over HTTP. The session is a cookie that scripts cannot read.

import { state } from "./state.js";

/** A request that was refused as a whole; `code` is the API's, or UNREACHABLE. */
export class ApiError extends Error {
  constructor(code, message) {
    super(message ?? code);
    this.code = code;
  }
}

/** Sends a document and answers its data. `keepalive` lets it outlive the page. */
export async function ask(query, variables = {}, { keepalive = false } = {}) {
  let answer;
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      credentials: "same-origin",
      keepalive,
      headers: {
        "accept": "application/graphql-response+json, application/json",
        "accept-language": state.language,
        "content-type": "application/json",
      },
      body: JSON.stringify({ query, variables }),
    });
    answer = await response.json();
  } catch {
    throw new ApiError("UNREACHABLE");
  }
  const error = answer.errors?.[0];
  if (error) throw new ApiError(error.extensions?.code ?? "INTERNAL_SERVER_ERROR", error.message);
  return answer.data;
}

/** Sends a document with one mutation and answers its payload. */
export async function change(query, variables, options) {
  const data = await ask(query, variables, options);
  return Object.values(data)[0];
}

/** The people of the demo, of whom there are none on a site of its own. */
export const people = () => fetch("people.json").then((response) => response.json()).catch(() => []);

/** An idempotency key: one for each change that the person intends. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Pages on plain http other than localhost lack randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
