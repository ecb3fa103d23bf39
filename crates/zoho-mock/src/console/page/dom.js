// Elements from data. Data becomes text and attributes, never markup.

/** Makes an element: `h("a", {href: "#/"}, "text", child)`. Functions are listeners, `false` and `null` leave out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
    else if (key === "value") element.value = value;
    else if (key === "checked") element.checked = true;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts children in place of those that an element has. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A JSON value as indented, coloured text. */
export function pretty(value) {
  const out = h("pre", { class: "code" });
  const write = (text, kind) => out.append(kind ? h("span", { class: kind }, text) : text);
  const walk = (value, indent) => {
    if (Array.isArray(value) || (value !== null && typeof value === "object")) {
      const list = Array.isArray(value);
      const entries = list ? value.map((item) => [null, item]) : Object.entries(value);
      if (entries.length === 0) return write(list ? "[]" : "{}");
      write(list ? "[" : "{");
      entries.forEach(([key, item], at) => {
        write(`\n${indent}  `);
        if (!list) {
          write(JSON.stringify(key), "key");
          write(": ");
        }
        walk(item, `${indent}  `);
        if (at < entries.length - 1) write(",");
      });
      write(`\n${indent}${list ? "]" : "}"}`);
    } else {
      write(JSON.stringify(value), typeof value === "string" ? "text" : "value");
    }
  };
  walk(value, "");
  return out;
}

/** 1234567 as 1,234,567. */
export const count = (number) => Number(number).toLocaleString("en-US");

/** An instant, such as 2026-01-01 05:00:00, in UTC. */
export const instant = (text) => String(text).replace("T", " ").replace(/(\.\d+)?Z$/, "");

/** A time of Zoho's, which comes with an offset, in UTC. */
export function time(text) {
  const at = new Date(String(text).replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(at.getTime()) ? String(text ?? "") : instant(at.toISOString());
}

/** Seconds as 59 min, 2 h 5 min or 3 d. */
export function span(seconds) {
  if (seconds < 0) return `${span(-seconds)} ago`;
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}
