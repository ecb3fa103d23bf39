// Books: organizations, their record types, their records in pages, one record.
import { get } from "./api.js";
import { count, fill, h } from "./dom.js";
import { crumbs } from "./parts.js";
import { open as openRecord } from "./record.js";
import { open as openList } from "./list.js";

export async function open(root, [organization, type, id], query, shared) {
  const organizations = shared.state.books;
  const chosen = organizations.find((one) => one.organization_id === organization) ?? organizations[0];
  const own = chosen.organization_id;
  const kind = type ?? (chosen.types.find((type) => type.records > 0) ?? chosen.types[0]).name;
  const trail = [["Books", "#/books"], [chosen.name, `#/books/${own}`]];
  const base = `api/books/${encodeURIComponent(own)}/${encodeURIComponent(kind)}`;
  if (id) {
    return openRecord(root, {
      trail: [...trail, [kind, `#/books/${own}/${kind}`]],
      back: `#/books/${own}/${kind}`,
      query: `?organization_id=${encodeURIComponent(own)}`,
      body: (changes) => changes,
      async read() {
        const found = await get(`${base}/${encodeURIComponent(id)}`);
        const name = ["contact_name", "name", "account_name", "item_name", "tax_name", "currency_code"].map((key) => found.record[key]).find(Boolean);
        const number = Object.entries(found.record).find(([key, value]) => key.endsWith("_number") && value);
        return { ...found, name: name ?? number?.[1] ?? found.id };
      },
    });
  }
  const list = h("nav", { class: "list", "aria-label": "Record types" });
  const draw = (organizations) =>
    fill(
      list,
      organizations.map((one) => [
        organizations.length > 1 ? h("h2", {}, one.name) : null,
        one.types.map((type) => h("a", { href: `#/books/${one.organization_id}/${type.name}`, "aria-current": one.organization_id === own && type.name === kind ? "page" : null }, type.name.replaceAll("_", " "), h("span", { class: "number" }, count(type.records)))),
      ]),
    );
  draw(organizations);
  const content = h("div", {});
  const page = await openList(content, {
    path: base,
    text: query.get("q"),
    href: (row) => `#/books/${own}/${kind}/${row.id}`,
    row: (row) => row.record,
    changed: (text) => shared.replace(`#/books/${own}/${kind}${text ? `?q=${encodeURIComponent(text)}` : ""}`),
  });
  fill(root, h("div", { class: "head" }, crumbs(...trail, [kind.replaceAll("_", " ")]), h("span", { class: "grow" }), page.search), h("div", { class: "split" }, list, content));
  const records = (state) => state.books.find((one) => one.organization_id === own)?.types.find((type) => type.name === kind)?.records;
  return { tick: (state) => (draw(state.books), page.tick(records(state))) };
}
