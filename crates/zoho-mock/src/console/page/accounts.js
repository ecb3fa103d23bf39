// Tokens with their scopes and ages; calls and credits used.
import { get } from "./api.js";
import { count, fill, h, span } from "./dom.js";
import { badge, card, crumbs, table } from "./parts.js";

export async function open(root) {
  const limits = h("div", {});
  const access = h("div", {});
  const refresh = h("div", {});
  let open = new Set();
  const scopes = (key, scopes) =>
    h("details", { open: open.has(key), ontoggle: (event) => (event.target.open ? open.add(key) : open.delete(key)) }, h("summary", {}, scopes.length === 1 ? scopes[0] : `${scopes.length} scopes`), h("div", { class: "badges" }, scopes.map((scope) => badge(scope))));
  const draw = async () => {
    const [tokens, used] = await Promise.all([get("api/tokens"), get("api/limits")]);
    const name = (id) => tokens.users.find((user) => user.id === id)?.name ?? id;
    fill(limits, allowances(used.limits));
    fill(
      access,
      card(
        "Access tokens",
        h("span", { class: "soft" }, `${tokens.access_tokens.filter((token) => token.alive).length} alive`),
        table(
          [["Token", "tight mono"], ["State", "tight"], ["Age", "tight number"], ["Left", "tight number"], ["From", "tight mono"], ["Scopes", "wide"]],
          tokens.access_tokens.map((token) => ({
            id: token.token,
            cells: [token.token, token.alive ? badge("alive", "good") : badge("expired", "bad"), span(token.age), token.alive ? span(token.left) : "", token.from ?? "", scopes(`a${token.token}`, token.scopes)],
          })),
          "None was made yet.",
        ),
      ),
    );
    fill(
      refresh,
      card(
        "Refresh tokens",
        h("span", { class: "soft" }, count(tokens.refresh_tokens.length)),
        table(
          [["Token", "tight mono"], ["User", "tight"], ["Centre", "tight"], ["Client", "wide mono"], ["Made in the last 10 min", "tight number"], ["Scopes", "wide"]],
          tokens.refresh_tokens.map((token) => ({ cells: [token.token, name(token.holder.user), token.holder.centre, token.holder.client_id, `${token.minted} of 10`, scopes(`r${token.token}`, token.scopes)] })),
        ),
      ),
    );
  };
  fill(root, h("div", { class: "head" }, crumbs(["Tokens and limits"])), h("div", { class: "stack" }, limits, access, refresh));
  await draw();
  return { tick: draw };
}

function allowances(limits) {
  const line = (title, used, most, rest) =>
    h("div", {}, h("div", { class: "row" }, h("span", { class: "grow" }, title), h("span", { class: "number soft" }, most === null ? `${count(used)}, no limit` : `${count(used)} of ${count(most)}`, rest ? `, ${rest}` : "")), most === null ? null : h("meter", { min: 0, max: most, high: most * 0.8, value: used, "aria-label": title }));
  return h(
    "div",
    { class: "grid" },
    card("CRM", null, h("div", { class: "body stack" }, line("Credits in the last 24 hours", limits.crm_credits.spent, limits.crm_credits.per_day))),
    limits.books.map((one) =>
      card("Books", h("span", { class: "soft" }, one.organization_id), h("div", { class: "body stack" }, line("Calls in the last minute", one.last_minute, one.per_minute), line("Calls today", one.today, one.per_day, `ends in ${span(one.day_ends_in)}`))),
    ),
  );
}
