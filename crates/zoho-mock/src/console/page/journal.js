// The journal: live, filtered; and one exchange with what was sent both ways.
import { get, query as asQuery } from "./api.js";
import { count, fill, h, instant, pretty } from "./dom.js";
import { badge, card, crumbs, search, status, table } from "./parts.js";

const COLUMNS = [["#", "tight number"], ["Time", "tight number"], ["Method", "tight mono"], ["Operation", "tight"], ["Path", "wide mono"], ["Status", "tight"], ["", "tight"]];
const ROWS = 100;
const MOST = 1000;

export async function open(root, [number], query, shared) {
  return number ? openExchange(root, number) : openList(root, query, shared);
}

async function openList(root, query, shared) {
  const wanted = { q: query.get("q") ?? "", product: query.get("product") ?? "", status: query.get("status") ?? "", faulted: query.get("faulted") ?? "" };
  const sheet = h("section", { class: "card" });
  let live = true;
  let rows = [];
  let page = null;

  const load = async (more = false) => {
    const filters = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
    shared.replace(`#/journal${asQuery(filters)}`);
    const before = more ? rows.at(-1)?.number : "";
    page = await get(`api/journal${asQuery({ ...filters, limit: ROWS, before })}`);
    rows = more ? [...rows, ...page.exchanges] : page.exchanges;
    draw();
  };
  const draw = () => {
    fill(
      sheet,
      table(COLUMNS, rows.map(line), Object.values(wanted).some(Boolean) ? "No request fits." : "No request yet."),
      h(
        "div",
        { class: "foot" },
        h("span", {}, `${count(rows.length)} shown, ${count(page.last)} in all${page.dropped ? `, the oldest ${count(page.dropped)} were dropped` : ""}${page.contents_dropped ? `, bodies of the next ${count(page.contents_dropped)} too` : ""}`),
        page.next && rows.length < MOST ? h("button", { onclick: () => load(true) }, "Show more") : null,
      ),
    );
  };
  const set = (name) => (event) => {
    wanted[name] = event.target.type === "checkbox" ? (event.target.checked ? "true" : "") : event.target.value;
    load();
  };
  const choose = (name, title, options) =>
    h("select", { "aria-label": title, value: wanted[name], onchange: set(name) }, options.map(([value, text]) => h("option", { value, selected: value === wanted[name] }, text)));
  const toggle = h("button", { "aria-pressed": "true", id: "live", onclick: () => {
    live = !live;
    toggle.setAttribute("aria-pressed", String(live));
  } }, "Live");
  fill(
    root,
    h(
      "div",
      { class: "head" },
      crumbs(["Journal"]),
      h("span", { class: "grow" }),
      choose("product", "Product", [["", "All products"], ["crm", "CRM"], ["books", "Books"], ["accounts", "Accounts"]]),
      choose("status", "Status", [["", "All statuses"], ["2xx", "2xx"], ["4xx", "4xx"], ["429", "429"], ["5xx", "5xx"], ["none", "No answer"]]),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: wanted.faulted === "true", onchange: set("faulted") }), "Faults only"),
      search(wanted.q, "Search paths and operations", (text) => {
        wanted.q = text;
        load();
      }),
      toggle,
    ),
    sheet,
  );
  await load();
  return {
    async tick(state) {
      if (live && rows.length <= ROWS && page && state.journal.last !== page.last) await load();
    },
  };
}

function line(exchange) {
  const query = exchange.query ? `?${exchange.query}` : "";
  return {
    id: exchange.number,
    href: `#/journal/${exchange.number}`,
    cells: [
      count(exchange.number),
      instant(exchange.time).slice(11),
      exchange.method,
      exchange.operation,
      `${exchange.path}${query}`.slice(0, 300),
      status(exchange.status),
      [exchange.faulted ? badge("fault", "bad") : null, exchange.careless?.length ? badge("careless", "warn") : null],
    ].map((cell) => (Array.isArray(cell) ? h("span", { class: "badges" }, cell.filter(Boolean)) : cell)),
  };
}

async function openExchange(root, number) {
  const exchange = await get(`api/journal/${encodeURIComponent(number)}`);
  const query = exchange.query ? `?${exchange.query}` : "";
  fill(
    root,
    h(
      "div",
      { class: "head" },
      crumbs(["Journal", "#/journal"], [`${exchange.method} ${exchange.operation}`]),
      status(exchange.status),
      exchange.faulted ? badge("struck by a fault", "bad") : null,
      h("span", { class: "grow" }),
      exchange.number > 1 ? h("a", { class: "button", href: `#/journal/${exchange.number - 1}` }, "Previous") : null,
      h("a", { class: "button", href: `#/journal/${exchange.number + 1}` }, "Next"),
    ),
    h(
      "div",
      { class: "stack" },
      card(
        `Exchange ${count(exchange.number)}`,
        h("span", { class: "soft" }, `${instant(exchange.time)} UTC, ${exchange.product}`),
        h("div", { class: "body" }, h("code", {}, `${exchange.method} ${exchange.path}${query}`), exchange.careless?.map((one) => h("p", { class: "soft" }, one))),
      ),
      exchange.request
        ? h("div", { class: "pair" }, side("Request", exchange.request), exchange.response ? side("Response", exchange.response) : card("Response", null, h("p", { class: "empty" }, "None: the connection was broken off.")))
        : h("p", { class: "note" }, "The bodies of this exchange were dropped to make room for later ones."),
    ),
  );
  return {};
}

function side(title, message) {
  const size = `${count(message.length)} bytes${message.cut ? ", cut" : ""}`;
  const headers = h("details", { class: "body" }, h("summary", {}, message.headers.length === 1 ? "1 header" : `${message.headers.length} headers`), h("dl", { class: "facts mono" }, message.headers.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
  const body = message.json !== undefined ? pretty(message.json) : message.text !== undefined ? h("pre", { class: "code" }, message.text) : message.length ? h("p", { class: "empty" }, "Not text.") : h("p", { class: "empty" }, "No body.");
  return card(title, h("span", { class: "soft" }, size), headers, body);
}
