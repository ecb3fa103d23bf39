// The powers over the mock: clock, faults, dialect, records, snapshots.
import { ask, get, post } from "./api.js";
import { count, fill, h, instant } from "./dom.js";
import { badge, card, confirm, crumbs, step, table, toast } from "./parts.js";

const EFFECTS = [
  ["answer", "Answer with a status"],
  ["drop_connection", "Break the connection before"],
  ["drop_reply", "Do it, then break the connection"],
  ["truncate", "Cut the answer"],
  ["malformed_json", "Answer with broken JSON"],
  ["html", "Answer with an HTML page"],
  ["slow_body", "Answer slowly"],
  ["none", "Only delay"],
];
const DIALECT = [
  ["throttle_with_200", "Refuse too many token requests with 200 instead of 400"],
  ["expires_in_sec", "Send expires_in_sec, and expires_in in milliseconds"],
  ["omit_expires_in", "Leave expires_in out of the answer to a refresh"],
  ["mixed_with_200", "Answer batches with mixed outcomes with 200 instead of 207"],
];
const field = (title, input, kind = "") => h("label", { class: `field ${kind}` }, title, input);

export async function open(root, path, query, shared) {
  const clock = h("div", {});
  const faults = h("div", {});
  const losses = h("div", {});
  let seen = "";
  const draw = async () => {
    const [scripted, lost] = await Promise.all([get("faults"), get("deliveries/faults")]);
    const both = JSON.stringify([scripted, lost]);
    if (both === seen) return;
    seen = both;
    fill(faults, scriptedFaults(scripted.faults));
    fill(losses, scriptedLosses(lost.faults));
  };
  const refresh = async () => {
    await draw();
    await shared.refresh();
  };
  const drawClock = (state) => {
    const now = instant(state.clock.now);
    fill(clock, h("div", { class: "clock", id: "clock" }, now), h("div", {}, state.clock.frozen ? badge("frozen", "accent") : badge("running", "good"), h("span", { class: "soft" }, " UTC")));
    freeze.textContent = state.clock.frozen ? "Let it run" : "Freeze";
  };
  const change = (body) => step(async () => {
    await post("clock", typeof body === "function" ? body() : body);
    await shared.refresh();
  });
  const freeze = h("button", { id: "freeze", onclick: change(() => ({ frozen: !shared.state.clock.frozen })) }, "Freeze");
  const at = h("input", { id: "set-clock", placeholder: "2026-03-01T00:00:00Z", autocomplete: "off" });
  const ahead = [[60, "1 min"], [3600, "1 hour"], [86400, "1 day"], [604800, "1 week"]];
  const clockCard = card(
    "Clock",
    null,
    h(
      "div",
      { class: "body stack" },
      clock,
      h("div", { class: "row" }, ahead.map(([seconds, text]) => h("button", { "data-advance": seconds, onclick: change({ advance: seconds }) }, `+ ${text}`)), freeze),
      h("form", { class: "row", onsubmit: change(() => ({ set: at.value.trim() })) }, field("Set to", at, "grow"), h("button", {}, "Set")),
    ),
  );
  fill(
    root,
    h("div", { class: "head" }, crumbs(["Controls"])),
    h(
      "div",
      { class: "grid" },
      h("div", { class: "stack" }, clockCard, snapshots(shared), dialect(shared.state)),
      h("div", { class: "stack" }, card("Faults", h("button", { id: "clear-faults", onclick: step(async () => (await ask("DELETE", "faults"), refresh())) }, "Forget all"), faults, await newFault(refresh)), card("Faults of callbacks", h("button", { onclick: step(async () => (await ask("DELETE", "deliveries/faults"), refresh())) }, "Forget all"), losses, newLoss(refresh))),
    ),
  );
  await draw();
  drawClock(shared.state);
  return { tick: (state) => (drawClock(state), draw()) };
}

const times = (fault) => [fault.times === null ? "always" : `${fault.times} times`, fault.every > 1 ? `every ${fault.every}` : null, fault.skip > 0 ? `after ${fault.skip}` : null, fault.probability < 1 ? `${fault.probability * 100} %` : null].filter(Boolean).join(", ");

function scriptedFaults(faults) {
  const what = (fault) => [fault.effect === "answer" || fault.effect === "html" ? `${fault.status}` : fault.effect.replaceAll("_", " "), fault.delay_ms ? `after ${count(fault.delay_ms)} ms` : null].filter(Boolean).join(", ");
  return table([["Operation", "wide mono"], ["Effect"], ["When"], ["Struck", "right number"]], faults.map((fault) => ({ cells: [fault.operation, what(fault), times(fault), count(fault.struck)] })), "Nothing goes wrong.");
}

function scriptedLosses(faults) {
  return table([["Channel", "wide mono"], ["Effect"], ["When"]], faults.map((fault) => ({ cells: [String(fault.channel_id ?? fault.channel ?? "all"), String(fault.effect ?? ""), fault.times ? `${fault.times} times` : "always"] })), "Every callback arrives.");
}

async function newFault(after) {
  const { routes } = await get("api/routes");
  const names = ["*", "crm.*", "books.*", "accounts.*", "accounts.token", ...routes.map((route) => `${route.product}.${route.operation}`)];
  const operation = h("input", { id: "fault-operation", list: "operations", value: "crm.*", autocomplete: "off" });
  const effect = h("select", { id: "fault-effect" }, EFFECTS.map(([value, text]) => h("option", { value }, text)));
  const status = h("input", { id: "fault-status", type: "number", min: 200, max: 599, value: "429" });
  const times = h("input", { id: "fault-times", type: "number", min: 1, placeholder: "always" });
  const delay = h("input", { id: "fault-delay", type: "number", min: 0, placeholder: "0" });
  const wait = h("input", { id: "fault-retry-after", type: "number", min: 0, placeholder: "none" });
  const run = async () => {
    const fault = { operation: operation.value.trim(), effect: effect.value, status: Number(status.value) };
    if (times.value) fault.times = Number(times.value);
    if (delay.value) fault.delay_ms = Number(delay.value);
    if (wait.value) fault.headers = [["retry-after", wait.value]];
    await post("faults", fault);
    toast(`${fault.operation} will fail.`);
    await after();
  };
  return h(
    "form",
    { class: "foot", onsubmit: step(run) },
    h("datalist", { id: "operations" }, names.map((name) => h("option", { value: name }))),
    h("div", { class: "row" }, field("Operation", operation, "grow"), field("Effect", effect, "grow"), field("Status", status), field("Times", times), field("Delay, ms", delay), field("Retry-After, s", wait), h("button", { class: "first", id: "arm" }, "Add fault")),
  );
}

function newLoss(after) {
  const effect = h("select", {}, ["drop", "duplicate", "reorder", "delay"].map((value) => h("option", { value }, value)));
  const times = h("input", { type: "number", min: 1, placeholder: "always" });
  const run = async () => {
    const fault = { effect: effect.value };
    if (effect.value === "delay") fault.delay_ms = 60000;
    if (times.value) fault.times = Number(times.value);
    await post("deliveries/faults", fault);
    await after();
  };
  return h("form", { class: "foot", onsubmit: step(run) }, h("div", { class: "row" }, field("Effect", effect), field("Times", times), h("button", { class: "first" }, "Add fault")));
}

function dialect(state) {
  const box = ([name, text]) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", name, checked: state.dialect[name], onchange: step(async (event) => {
      await post("dialect", { [name]: event.target.checked });
    }) }), text);
  return card("Dialect", null, h("div", { class: "body" }, h("p", { class: "soft" }, "Where Zoho is known to behave in more than one way."), DIALECT.map((one) => h("div", {}, box(one)))));
}

function snapshots(shared) {
  const file = h("input", { type: "file", id: "snapshot-file", accept: "application/json,.json", "aria-label": "A snapshot" });
  const restore = async () => {
    if (!file.files.length) throw new Error("Choose a snapshot first.");
    await ask("PUT", "snapshot", await file.files[0].text());
    file.value = "";
    toast("The world is as the snapshot has it.");
    await shared.refresh();
  };
  const reset = async () => {
    if (!(await confirm("Go back to the beginning? Records, tokens, faults and the journal are lost.", "Reset"))) return;
    await post("reset");
    toast("Everything is as it was in the beginning.");
    await shared.refresh();
  };
  const module = h("select", { id: "seed-module" }, shared.state.crm.map((module) => h("option", { value: module.api_name }, module.api_name)));
  const number = h("input", { id: "seed-count", type: "number", min: 1, max: 1000000, value: "100" });
  const seed = async () => {
    await post("seed", { [module.value]: Number(number.value) });
    toast(`${count(number.value)} ${module.value} were added.`);
    await shared.refresh();
  };
  return card(
    "World",
    h("button", { class: "danger", id: "reset", onclick: step(reset) }, "Reset"),
    h(
      "div",
      { class: "body stack" },
      h("div", { class: "row" }, h("a", { class: "button", id: "save-snapshot", href: "/_mock/snapshot", download: "zoho-mock-snapshot.json" }, "Download a snapshot")),
      h("form", { class: "row", onsubmit: step(restore) }, field("Restore a snapshot", file, "grow"), h("button", { id: "restore" }, "Restore")),
      h("form", { class: "row", onsubmit: step(seed) }, field("Add records to", module, "grow"), field("How many", number), h("button", { id: "seed" }, "Add")),
    ),
  );
}
