// Parts that several pages are made of.
import { fill, h } from "./dom.js";

/** Says how something went. */
export function toast(text, bad = false) {
  const line = h("div", { class: bad ? "toast bad" : "toast" }, text);
  document.getElementById("toasts").append(line);
  setTimeout(() => line.remove(), bad ? 9000 : 4000);
}

/** A listener that runs a step and says when it was refused. */
export function step(run) {
  return async (event) => {
    event?.preventDefault();
    const button = event?.submitter ?? event?.currentTarget;
    if (button?.tagName === "BUTTON") button.disabled = true;
    try {
      await run(event);
    } catch (error) {
      toast(error.message, true);
    } finally {
      if (button?.tagName === "BUTTON") button.disabled = false;
    }
  };
}

/** Asks before something is done that can not be undone. */
export function confirm(question, yes) {
  const dialog = document.getElementById("dialog");
  return new Promise((resolve) => {
    const end = (answer) => () => {
      dialog.close();
      resolve(answer);
    };
    fill(
      dialog,
      h(
        "form",
        { method: "dialog" },
        h("p", {}, question),
        h(
          "div",
          { class: "row" },
          h("button", { type: "button", onclick: end(false) }, "Cancel"),
          h("button", { type: "button", class: "first", id: "confirm", onclick: end(true) }, yes),
        ),
      ),
    );
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
    dialog.querySelector("#confirm").focus();
  });
}

export const badge = (text, kind = "") => h("span", { class: `badge ${kind}` }, text);

/** A status as a badge. */
export function status(code) {
  if (code === null || code === undefined) return badge("none", "bad");
  const kind = code < 300 ? "good" : code < 400 ? "" : code < 500 ? "warn" : "bad";
  return badge(code, kind);
}

/** A card with a title, what stands beside it, and content. */
export function card(title, beside, ...content) {
  return h("section", { class: "card" }, h("header", {}, h("h2", {}, title), h("span", { class: "grow" }), beside), ...content);
}

/** A table. Columns are `[title, cell class]`; rows are lists of cells, with `href` where they lead somewhere. */
export function table(columns, rows, empty = "Nothing here yet.", kind = null) {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  const body = rows.map((row) => tableRow(columns, row));
  return h("div", { class: "scroll" }, h("table", { class: kind }, h("thead", {}, h("tr", {}, columns.map(([title, kind]) => h("th", { class: kind }, title)))), h("tbody", {}, body)));
}

/** One row of such a table. The whole row leads where its first cell does. */
export function tableRow(columns, { cells, href, id }) {
  const follow = (event) => {
    if (event.target.closest("a, button, input, summary, details") || getSelection().toString()) return;
    location.hash = href;
  };
  const wrap = (cell, at) => (at === 0 && href ? h("a", { href }, cell) : cell);
  return h(
    "tr",
    { class: href ? "link" : null, "data-id": id, ...(href ? { onclick: follow } : {}) },
    cells.map((cell, at) => h("td", { class: columns[at]?.[1], title: typeof cell === "string" && cell.length > 30 ? cell : null }, wrap(cell, at))),
  );
}

/** Pieces of a path, each but the last a link: `[["Leads", "#/crm/Leads"], ["Ngo"]]`. */
export function crumbs(...pieces) {
  const parts = pieces.flatMap(([text, href], at) => {
    const piece = href ? h("a", { href }, text) : h("h1", {}, text);
    return at === 0 ? [piece] : [h("span", { class: "sep" }, "/"), piece];
  });
  return h("div", { class: "crumbs" }, parts);
}

/** A value of a record in a cell. */
export function brief(value) {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(brief).join(", ");
  if (typeof value === "object") return value.name ?? value.full_name ?? JSON.stringify(value);
  return String(value);
}

/** A search field that tells of its text when it has been still for a moment. */
export function search(text, placeholder, changed) {
  let timer;
  const later = (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => changed(event.target.value.trim()), 250);
  };
  return h("input", { type: "search", class: "search", id: "search", placeholder, "aria-label": placeholder, value: text ?? "", oninput: later, autocomplete: "off" });
}
