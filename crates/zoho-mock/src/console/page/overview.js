// What there is, at a glance.
import { count, fill, h, instant } from "./dom.js";
import { badge, card, crumbs, table } from "./parts.js";

export async function open(root, path, query, shared) {
  const body = h("div", { class: "stack" });
  fill(root, h("div", { class: "head" }, crumbs(["Overview"])), body);
  draw(body, shared.state);
  let last = JSON.stringify(shared.state);
  return {
    tick(state) {
      const next = JSON.stringify({ ...state, clock: null });
      if (next !== last) draw(body, state);
      last = next;
    },
  };
}

function draw(body, state) {
  const sum = (types) => types.reduce((sum, type) => sum + type.records, 0);
  const tile = (href, number, text) => h("a", { class: "tile", href }, h("b", {}, count(number)), h("span", {}, text));
  const modules = state.crm.filter((module) => module.records > 0);
  const types = state.books.flatMap((organization) =>
    organization.types.filter((type) => type.records > 0).map((type) => ({ ...type, organization })),
  );
  fill(
    body,
    h(
      "div",
      { class: "tiles" },
      tile("#/crm", sum(state.crm), "CRM records"),
      tile("#/books", state.books.reduce((all, one) => all + sum(one.types), 0), "Books records"),
      tile("#/journal", state.journal.last, "requests"),
      tile("#/notifications", state.channels, "channels"),
      tile("#/notifications", state.deliveries, "callbacks"),
      tile("#/controls", state.faults, "faults scripted"),
    ),
    h(
      "div",
      { class: "grid" },
      card(
        "CRM",
        h("a", { href: "#/crm" }, "all modules"),
        table([["Module"], ["Records", "right number"]], modules.map((module) => ({ href: `#/crm/${module.api_name}`, cells: [module.plural, count(module.records)] })), "No records yet. Controls can add some, and so can any client."),
      ),
      card(
        "Books",
        h("a", { href: "#/books" }, "all record types"),
        table(
          [["Type"], ["Organization"], ["Records", "right number"]],
          types.map((type) => ({ href: `#/books/${type.organization.organization_id}/${type.name}`, cells: [type.name.replaceAll("_", " "), type.organization.name, count(type.records)] })),
        ),
      ),
      card(
        "This mock",
        null,
        h(
          "div",
          { class: "body" },
          h(
            "dl",
            { class: "facts" },
            h("dt", {}, "Address"), h("dd", { class: "mono" }, state.base_url),
            h("dt", {}, "Version"), h("dd", {}, state.version),
            h("dt", {}, "Clock"), h("dd", {}, `${instant(state.clock.now)} UTC`, " ", state.clock.frozen ? badge("frozen", "accent") : null),
            h("dt", {}, "Strict"), h("dd", {}, state.strict ? "yes" : "no"),
            h("dt", {}, "Steps so far"), h("dd", { class: "number" }, count(state.steps)),
          ),
        ),
        h("div", { class: "foot" }, "Press ", h("kbd", {}, "?"), " for the keys."),
      ),
    ),
  );
}
