// One record: shown, changed, deleted.
import { fill, h } from "./dom.js";
import { zoho } from "./api.js";
import { confirm, crumbs, step, toast } from "./parts.js";

/**
 * Shows a record. `source` gives: `read()` → {record, fields: [{name, label, kind, writable, picks}], path, name},
 * `body(changes)` what an update sends, `query` what the addresses end in, `trail` the crumbs above, `back` where a deletion leads.
 */
export async function open(root, source) {
  let found = await source.read();
  const buttons = h("div", { class: "row" });
  const sheet = h("section", { class: "card" });
  let inputs = null;

  const draw = () => {
    const editing = inputs !== null;
    fill(
      buttons,
      editing
        ? [h("button", { class: "first", id: "save", onclick: step(save) }, "Save"), h("button", { onclick: () => ((inputs = null), draw()) }, "Cancel")]
        : [
            found.can_update && h("button", { id: "edit", onclick: () => ((inputs = new Map()), draw()) }, "Edit"),
            found.can_delete && h("button", { class: "danger", id: "delete", onclick: step(remove) }, "Delete"),
          ],
    );
    const known = new Map(found.fields.map((field) => [field.name, field]));
    const rows = Object.entries(found.record).map(([name, value]) => {
      const field = known.get(name);
      const cell = editing && field?.writable ? edited(field, value) : shown(value);
      return h("tr", {}, h("th", { scope: "row" }, field?.label ?? name, field?.label && field.label.replaceAll(" ", "_") !== name ? h("small", {}, name) : null), h("td", { "data-field": name }, cell));
    });
    fill(sheet, h("table", { class: "fields" }, h("tbody", {}, rows)));
  };

  const edited = (field, value) => {
    const text = value !== null && typeof value === "object" ? JSON.stringify(value, null, 1) : value === null ? "" : String(value);
    const attributes = { name: field.name, "aria-label": field.label ?? field.name };
    let input;
    if (field.kind === "boolean") input = h("input", { ...attributes, type: "checkbox", checked: value === true });
    else if (field.picks?.length) input = h("select", { ...attributes }, [...new Set(["", ...field.picks, text])].map((pick) => h("option", { value: pick }, pick)));
    else if (field.kind === "textarea" || (value !== null && typeof value === "object")) input = h("textarea", { ...attributes });
    else input = h("input", { ...attributes, autocomplete: "off" });
    if (field.kind !== "boolean") input.value = text;
    inputs.set(field.name, { input, field, text, value });
    return input;
  };

  const save = async () => {
    const changes = {};
    for (const [name, { input, field, text, value }] of inputs) {
      if (field.kind === "boolean") {
        if (input.checked !== (value === true)) changes[name] = input.checked;
      } else if (input.value !== text) {
        changes[name] = read(input.value, field, value);
      }
    }
    if (Object.keys(changes).length > 0) {
      await zoho("PUT", found.path + source.query, source.body(changes));
      toast(`Saved ${Object.keys(changes).join(", ")}.`);
      found = await source.read();
    }
    inputs = null;
    draw();
    fill(title, crumbs(...source.trail, [found.name]));
  };

  const remove = async () => {
    if (!(await confirm(`Delete ${found.name}?`, "Delete"))) return;
    await zoho("DELETE", found.path + source.query);
    toast(`Deleted ${found.name}.`);
    location.hash = source.back;
  };

  const title = h("div", {}, crumbs(...source.trail, [found.name]));
  fill(root, h("div", { class: "head" }, title, h("span", { class: "grow" }), buttons), sheet);
  draw();
  return {};
}

/** What was typed, as the field takes it. */
function read(text, field, before) {
  const json = ["integer", "double", "currency", "percent", "amount", "jsonobject", "jsonarray", "object", "list"];
  const wanted = json.includes(field.kind) || json.includes(field.json) || (before !== null && typeof before === "object");
  if (text === "") return null;
  if (!wanted) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as a reader sees it. */
function shown(value) {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return h("span", { class: "none" }, "—");
  if (typeof value !== "object") return String(value);
  if (!Array.isArray(value) && value.id && value.name !== undefined) return [`${value.name ?? ""} `, h("code", { class: "soft" }, String(value.id))];
  return h("pre", {}, JSON.stringify(value, null, 2));
}
