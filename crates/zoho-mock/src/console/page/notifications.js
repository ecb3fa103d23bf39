// Notifications: channels, events on demand, and what became of each callback.
import { get, post, query } from "./api.js";
import { count, fill, h, instant, pretty, span } from "./dom.js";
import { badge, card, crumbs, status, step, table, toast } from "./parts.js";

const KINDS = { delivered: "good", failed: "bad", dropped: "bad", suppressed: "warn", pending: "accent" };

export async function open(root, path, parameters, shared) {
  const channels = h("section", {});
  const deliveries = h("section", {});
  let seen = "";
  let opened = null;

  const draw = async () => {
    const [listening, told] = await Promise.all([get("api/channels"), get(`api/deliveries${query({ channel_id: parameters.get("channel_id") ?? "" })}`)]);
    const all = JSON.stringify([listening, told].map((one) => ({ ...one, now: null })));
    if (all === seen) return;
    seen = all;
    fill(channels, listeners(listening.channels));
    fill(deliveries, callbacks(told));
  };

  const listeners = (channels) =>
    card(
      "Channels",
      h("span", { class: "soft" }, count(channels.length)),
      table(
        [["Channel", "tight mono"], ["Events", "tight"], ["Sent to", "wide mono"], ["Token", "tight mono"], ["Ends in", "tight number"]],
        channels.map((channel) => ({
          href: `#/notifications?channel_id=${channel.channel_id}`,
          cells: [channel.channel_id, channel.events.map((event) => `${channel.module}.${event}`).join(", "), channel.notify_url, channel.token ?? "", span(channel.left)],
        })),
        "Nobody listens. A client opens a channel with POST /crm/v8/actions/watch; zoho-mock listen does it for you.",
      ),
    );

  const callbacks = (told) => {
    const rows = told.deliveries.map((one) => ({
      id: one.number,
      cells: [
        count(one.number),
        instant(one.time).slice(11, 19),
        `${one.payload.module ?? ""} ${one.payload.operation ?? ""}`,
        h("details", { open: opened === one.number, ontoggle: (event) => (opened = event.target.open ? one.number : opened) }, h("summary", { class: "mono" }, one.notify_url), pretty(one.payload)),
        [badge(one.outcome, KINDS[one.outcome]), " ", one.status ? status(one.status) : null, one.fault ? badge(one.fault, "bad") : null, one.reason ? h("div", { class: "soft" }, one.reason) : null],
      ],
    }));
    const only = parameters.get("channel_id");
    return card(
      "Callbacks",
      h("span", { class: "soft" }, only ? [`of channel ${only}, `, h("a", { href: "#/notifications" }, "show all")] : `${count(told.posted)} so far`),
      table([["#", "tight number"], ["Time", "tight number"], ["Event", "tight"], ["Sent to", "wide"], ["Outcome"]], rows, "None yet."),
      told.dropped ? h("div", { class: "foot" }, `The oldest ${count(told.dropped)} were dropped.`) : null,
    );
  };

  fill(root, h("div", { class: "head" }, crumbs(["Notifications"])), h("div", { class: "stack" }, trigger(shared, draw), channels, deliveries));
  await draw();
  return { tick: draw };
}

/** A form that makes an event happen. */
function trigger(shared, after) {
  const module = h("select", { id: "event-module" }, shared.state.crm.map((module) => h("option", { value: module.api_name }, module.api_name)));
  const verb = h("select", { id: "event-verb" }, ["edit", "create", "delete"].map((verb) => h("option", { value: verb }, verb)));
  const id = h("input", { id: "event-id", placeholder: "the one changed last", autocomplete: "off", inputmode: "numeric" });
  const set = h("input", { id: "event-set", placeholder: "Company=Acme, City=Bonn", autocomplete: "off" });
  const run = async () => {
    const pairs = set.value.split(",").map((pair) => pair.trim()).filter(Boolean).map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new Error(`A field is set as Company=Acme, not ${pair}.`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    });
    const outcome = await post("api/trigger", { event: `${module.value}.${verb.value}`, ...(id.value.trim() ? { id: id.value.trim() } : {}), set: Object.fromEntries(pairs) });
    const told = outcome.callbacks.length;
    toast(`${outcome.event} ${outcome.id}: ${told === 0 ? "no channel listens" : told === 1 ? "1 callback" : `${told} callbacks`}.`);
    await shared.refresh();
    await after();
  };
  const field = (title, input, kind = "") => h("label", { class: `field ${kind}` }, title, input);
  return card("Make something happen", null, h("div", { class: "body" }, h("form", { class: "row", onsubmit: step(run) }, field("Module", module), field("Event", verb), field("Record", id), field("Fields", set, "grow"), h("button", { class: "first", id: "fire" }, "Fire"))));
}
