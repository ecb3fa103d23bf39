// What the page asks the mock for.

/** An answer that is a refusal: its message is for people. */
export class Refusal extends Error {}

/** Sends a request below /_mock/ and gives back its JSON. */
export async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/_mock/${path}`, options);
  } catch {
    throw new Refusal("The mock does not answer. Was it stopped?");
  }
  const text = await answer.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    json = text;
  }
  const why = refused(answer, json);
  if (why) throw new Refusal(why);
  return json;
}

export const get = (path) => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);

/** Calls an operation of Zoho's in the owner's name. */
export const zoho = (method, path, body) => ask(method, `api/zoho${path}`, body);

/** Why an answer is a refusal: the mock's own `error`, or what Zoho's envelopes say. */
function refused(answer, json) {
  const item = json?.data?.[0] ?? json ?? {};
  if (answer.ok && item.status !== "error") return null;
  if (json?.error) return json.error;
  const details = item.details && Object.keys(item.details).length > 0 ? ` ${JSON.stringify(item.details)}` : "";
  if (item.message) return `${item.message} (${item.code})${details}`;
  return `${answer.status} ${answer.statusText}`;
}

/** A query string without what is empty. */
export function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}
