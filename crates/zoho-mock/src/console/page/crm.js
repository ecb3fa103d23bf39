// CRM: modules, their records in pages, one record.
import { get } from "./api.js";
import { count, fill, h } from "./dom.js";
import { crumbs } from "./parts.js";
import { open as openRecord } from "./record.js";
import { open as openList } from "./list.js";

export async function open(root, [module, id], query, shared) {
  if (id) {
    return openRecord(root, {
      trail: [["CRM", "#/crm"], [module, `#/crm/${module}`]],
      back: `#/crm/${module}`,
      query: "",
      body: (changes) => ({ data: [changes] }),
      async read() {
        const found = await get(`api/crm/${encodeURIComponent(module)}/${encodeURIComponent(id)}`);
        const fields = found.fields.map((field) => ({ ...field, name: field.api_name, kind: field.type, writable: !field.read_only }));
        return { ...found, fields, name: found.name || found.id, can_update: true, can_delete: true };
      },
    });
  }
  const modules = shared.state.crm;
  const chosen = module ?? (modules.find((module) => module.records > 0) ?? modules[0]).api_name;
  const list = h("nav", { class: "list", "aria-label": "Modules" });
  const draw = (modules) =>
    fill(list, modules.map((module) => h("a", { href: `#/crm/${module.api_name}`, "aria-current": module.api_name === chosen ? "page" : null }, module.plural, h("span", { class: "number" }, count(module.records)))));
  draw(modules);
  const content = h("div", {});
  const page = await openList(content, {
    path: `api/crm/${encodeURIComponent(chosen)}`,
    text: query.get("q"),
    href: (row) => `#/crm/${chosen}/${row.id}`,
    row: (row) => row,
    changed: (text) => shared.replace(`#/crm/${chosen}${text ? `?q=${encodeURIComponent(text)}` : ""}`),
  });
  fill(root, h("div", { class: "head" }, crumbs(["CRM", "#/crm"], [chosen]), h("span", { class: "grow" }), page.search), h("div", { class: "split" }, list, content));
  return { tick: (state) => (draw(state.crm), page.tick(state.crm.find((module) => module.api_name === chosen)?.records)) };
}
