// Records in pages, with a search that goes through as many as it takes, a stretch at a time.
import { get, query } from "./api.js";
import { count, fill, h, time } from "./dom.js";
import { brief, search, table, tableRow } from "./parts.js";

const ROWS = 50;

/** Opens a list: `path` gives its pages, `row` the values of one row, `href` where it leads, `changed` hears of the search's text. */
export async function open(root, { path, text, href, row, changed }) {
  const sheet = h("section", { class: "card", "aria-busy": "false" });
  const foot = h("div", { class: "foot", id: "found" });
  const field = search(text, "Search every field", (text) => {
    changed(text);
    start(text);
  });
  fill(root, sheet);
  let turn = 0;
  let total = null;

  const start = async (text) => {
    const mine = ++turn;
    const state = { text, rows: [], columns: [], next: "", looked: 0, total: 0 };
    await load(state, mine);
  };

  /** Loads until there is a page more to show, or nothing is left to go through. */
  const load = async (state, mine) => {
    const wanted = state.rows.length + ROWS;
    sheet.setAttribute("aria-busy", "true");
    try {
      do {
        const page = await get(path + query({ limit: wanted - state.rows.length, after: state.next, q: state.text }));
        if (mine !== turn) return;
        state.columns = page.columns;
        state.rows.push(...page.rows);
        state.next = page.next;
        state.looked += page.looked_through;
        state.total = page.total;
        total = page.total;
        draw(state, mine);
      } while (state.next && state.rows.length < wanted);
    } catch (error) {
      if (mine === turn) fill(sheet, h("p", { class: "note bad" }, error.message));
    }
    if (mine === turn) sheet.setAttribute("aria-busy", "false");
  };

  const draw = (state, mine) => {
    const columns = state.columns.map((name) => [name.replaceAll("_", " "), "clip"]);
    const cells = (values) => state.columns.map((name, at) => (name.toLowerCase().endsWith("modified_time") ? time(values[name]) : brief(values[name]) || (at === 0 ? "(no name)" : "")));
    const rows = state.rows.map((one) => ({ id: one.id, href: href(one), cells: cells(row(one)) }));
    const searching = state.next && state.rows.length < ROWS;
    const empty = state.text ? (searching ? "Looking…" : `Nothing holds “${state.text}”.`) : "No records.";
    const shown = sheet.querySelector("tbody");
    // Rows that are there already stay, so that focus and scrolling do.
    if (shown && shown.dataset.turn === String(mine)) rows.slice(shown.rows.length).forEach((one) => shown.append(tableRow(columns, one)));
    else {
      fill(sheet, table(columns, rows, empty, "even"), foot);
      const body = sheet.querySelector("tbody");
      if (body) body.dataset.turn = mine;
    }
    const parts = state.text
      ? [`${count(rows.length)} found`, `looked through ${count(Math.min(state.looked, state.total))} of ${count(state.total)}`]
      : [`${count(rows.length)} of ${count(state.total)}`];
    const more = state.next && !searching && h("button", { id: "more", onclick: () => load(state, mine) }, "Show more");
    fill(foot, h("span", {}, parts.join(", ")), more);
  };

  await start(text ?? "");
  return {
    search: field,
    /** Begins anew when the number of records changed while the first page is shown. */
    tick(records) {
      const first = (sheet.querySelector("tbody")?.rows.length ?? 0) <= ROWS;
      if (total !== null && records !== undefined && records !== total && first && sheet.getAttribute("aria-busy") === "false") start(field.value.trim());
    },
  };
}
