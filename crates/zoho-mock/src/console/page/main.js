// The frame: which page is shown, what the bar says, and the keys.
import { get } from "./api.js";
import { fill, h, instant } from "./dom.js";
import { badge, toast } from "./parts.js";
import * as accounts from "./accounts.js";
import * as books from "./books.js";
import * as controls from "./controls.js";
import * as crm from "./crm.js";
import * as journal from "./journal.js";
import * as notifications from "./notifications.js";
import * as overview from "./overview.js";

/** Sections: what the address begins with, the title, the key after `g`, and the page. */
const SECTIONS = [
  ["", "Overview", "o", overview],
  ["crm", "CRM", "c", crm],
  ["books", "Books", "b", books],
  ["journal", "Journal", "j", journal],
  ["notifications", "Notifications", "n", notifications],
  ["accounts", "Tokens and limits", "t", accounts],
  ["controls", "Controls", "x", controls],
];
const EVERY = 1000;

/** What pages share: the state in short, and how to go elsewhere without a new entry in the history. */
const shared = {
  state: null,
  replace(hash) {
    history.replaceState(null, "", hash);
  },
  refresh: look,
};
let page = null;
let shown = 0;

/** The address as segments and parameters. */
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query ?? "") };
}

async function show() {
  const { path, query } = address();
  const section = SECTIONS.find(([name]) => name === (path[0] ?? "")) ?? SECTIONS[0];
  fill(
    document.getElementById("nav"),
    SECTIONS.map(([name, title]) => h("a", { href: `#/${name}`, "aria-current": name === section[0] ? "page" : null }, title)),
  );
  document.querySelector("#nav [aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" });
  document.title = `${section[1]} · zoho-mock`;
  const turn = ++shown;
  const main = document.getElementById("main");
  page = null;
  try {
    shared.state ??= await get("api/overview");
    const content = h("div", { "data-page": section[0] || "overview" });
    const next = await section[3].open(content, path.slice(1), query, shared);
    if (turn !== shown) return;
    fill(main, content);
    page = next ?? {};
    scrollTo(0, 0);
  } catch (error) {
    if (turn === shown) fill(main, h("p", { class: "note bad" }, error.message));
  }
  bar();
}

function bar() {
  const state = shared.state;
  if (!state) return;
  fill(
    document.getElementById("status"),
    h("span", { class: "address" }, state.base_url),
    h("a", { href: "#/controls", class: "mono", id: "now", title: "The mock's clock, in UTC" }, instant(state.clock.now)),
    state.clock.frozen ? badge("frozen", "accent") : null,
    state.faults > 0 ? h("a", { href: "#/controls" }, badge(`${state.faults} ${state.faults === 1 ? "fault" : "faults"}`, "warn")) : null,
  );
}

let silent = false;
/** Looks at the state again, and lets the page do so. */
async function look() {
  try {
    shared.state = await get("api/overview");
    if (silent) toast("The mock answers again.");
    silent = false;
    bar();
    await page?.tick?.(shared.state);
  } catch (error) {
    if (!silent) toast(error.message, true);
    silent = true;
  }
}

let going = false;
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
  if (going) {
    going = false;
    const section = SECTIONS.find(([, , letter]) => letter === event.key);
    if (section) location.hash = `#/${section[0]}`;
  } else if (event.key === "g") {
    going = true;
  } else if (event.key === "/") {
    const field = document.getElementById("search");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  } else if (event.key === "?") {
    help();
  }
}

function help() {
  const dialog = document.getElementById("dialog");
  const keys = SECTIONS.map(([, title, letter]) => [h("dt", {}, h("kbd", {}, "g"), " ", h("kbd", {}, letter)), h("dd", {}, title)]);
  fill(
    dialog,
    h(
      "form",
      { method: "dialog" },
      h("h2", {}, "Keys"),
      h("dl", { class: "facts" }, keys, h("dt", {}, h("kbd", {}, "/")), h("dd", {}, "Search"), h("dt", {}, h("kbd", {}, "?")), h("dd", {}, "This list")),
      h("div", { class: "row" }, h("button", { class: "first" }, "Close")),
    ),
  );
  dialog.showModal();
}

addEventListener("hashchange", show);
document.addEventListener("keydown", key);
setInterval(() => {
  if (!document.hidden) look();
}, EVERY);
show();

