// Makes elements, writes numbers and times, asks and tells. Nothing here knows the service.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "rect", "path", "line", "g", "circle", "text", "title"]);

/** An element. Attributes that are functions listen to events; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (name === "value") {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** A number as people read it: four digits that count. */
export function number(x) {
  if (x === null || x === undefined || Number.isNaN(x)) {
    return "–";
  }
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e15) {
    return whole.format(x);
  }
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? x.toExponential(3) : short.format(x);
}

export const count = x => whole.format(x);

export const percent = x => (x > 0 && x < 0.001 ? "< 0.1 %" : `${short.format(Math.round(x * 1000) / 10)} %`);

/** How long ago something was, in words. */
export function ago(instant, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(instant)) / 1000);
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (seconds >= length) {
      const n = Math.floor(seconds / length);
      return `${n} ${unit}${n === 1 ? "" : "s"} ago`;
    }
  }
  return seconds < 5 ? "just now" : `${Math.floor(seconds)} s ago`;
}

/** A time that shows in full when asked. */
export const time = instant => h("time", { datetime: instant, title: new Date(instant).toLocaleString() }, ago(instant));

/** Says something to people who do not see the page change. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

/** A problem of the service, with the places that it names. */
export function problem(error, again) {
  const faults = error.faults ?? [];
  return h("div", { class: "problem", role: "alert" },
    h("p", {}, h("strong", {}, error.title ?? "Something failed"), " ", error.message),
    faults.length > 0 && h("ul", {}, faults.slice(0, 8).map(fault =>
      h("li", {}, h("code", {}, fault.pointer), " ", fault.detail))),
    faults.length > 8 && h("p", {}, `and ${count(error.faultCount - 8)} more`),
    again && h("button", { type: "button", click: again }, "Try again"));
}

/**
 * A dialog with a form. Resolves to what was filled in, or to null if it was left.
 * The browser keeps the focus inside, and gives it back.
 */
export function ask({ title, text, fields = [], action = "OK", dangerous = false }) {
  return new Promise(resolve => {
    const inputs = fields.map(field => h(field.choices ? "select" : "input", {
      id: `field-${field.name}`, name: field.name, type: field.choices ? null : field.type ?? "text", required: field.required ?? false,
      maxlength: field.maxlength, pattern: field.pattern, autocomplete: "off", spellcheck: "false", title: field.hint,
      checked: field.type === "checkbox" && field.value,
    }, ...(field.choices ?? []).map(choice => h("option", {}, choice))));
    fields.forEach((field, i) => {
      if (field.type !== "checkbox" && field.value !== undefined) {
        inputs[i].value = field.value;
      }
    });
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" },
      h("form", { method: "dialog" },
        h("h2", { id: "dialog-title" }, title),
        text && h("p", {}, text),
        fields.map((field, i) => field.type === "checkbox"
          ? h("label", { class: "check" }, inputs[i], field.label)
          : h("label", {}, h("span", {}, field.label), inputs[i])),
        h("div", { class: "row end" },
          h("button", { type: "button", click: () => dialog.close() }, "Cancel"),
          h("button", { class: dangerous ? "danger" : "primary", value: "yes" }, action))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes"
        ? Object.fromEntries(fields.map((field, i) => [field.name, field.type === "checkbox" ? inputs[i].checked : inputs[i].value.trim()]))
        : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Takes files by dropping or choosing. */
export function dropZone(label, hint, accept, take) {
  const input = h("input", { type: "file", accept, class: "unseen", change: () => input.files[0] && take(input.files[0]) });
  const zone = h("label", { class: "drop" }, input,
    h("strong", {}, label), h("span", {}, hint));
  zone.addEventListener("dragover", event => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", event => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) {
      take(event.dataTransfer.files[0]);
    }
  });
  return zone;
}

/** A text to copy, with a button that does. */
export function copyable(text, label) {
  const button = h("button", { type: "button", class: "copy", "aria-label": `Copy: ${label}` }, "Copy");
  const code = h("code", {}, text);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      say("Copied");
      setTimeout(() => (button.textContent = "Copy"), 2000);
    } catch {
      // browsers refuse where the connection is not secure: then it is ready to be copied
      getSelection().selectAllChildren(code);
    }
  });
  return h("div", { class: "code" }, h("pre", { tabindex: "0", role: "region", "aria-label": label }, code), button);
}
