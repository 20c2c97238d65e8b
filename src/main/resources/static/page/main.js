// Start reading here: what is shown for which address, who the user is, and light or dark.

import { ask, fill, h, problem, say } from "./elements.js";
import { hasKey, keepKey, whoami } from "./service.js";
import { showList } from "./list.js";

const main = document.getElementById("main");
const callerShown = document.getElementById("caller");
const keyButton = document.getElementById("key");
let shown = new AbortController();
let asking = false;

/** Shows what the address names. */
async function show(isFirst = false) {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const [, name, part] = /^#\/n\/([^/]+)(?:\/([^/]+))?$/.exec(location.hash) ?? [];
  document.title = name ? `${name} – Evenkeel` : "Evenkeel";
  try {
    await showCaller();
    if (!isFirst) {
      main.focus({ preventScroll: true });
    }
    // the list comes at once, without what only one normalizer needs
    await (name
      ? (await import("./normalizer.js")).showNormalizer(main, decodeURIComponent(name), part, signal)
      : showList(main, signal));
  } catch (error) {
    if (!signal.aborted && error.status !== 401) {
      fill(main, h("h1", {}, "Evenkeel"), problem(error, () => show()));
    }
  }
}

async function showCaller() {
  const caller = await whoami();
  const role = h("span", { class: "badge" }, caller.role);
  fill(callerShown, caller.actor?.replace(/^[^:]*:/, "") ?? "", " ", caller.actor ? role : null,
    caller.prefix ? h("span", { class: "quiet" }, ` ${caller.prefix}…`) : null);
  keyButton.hidden = !caller.actor && !hasKey();
  keyButton.textContent = hasKey() ? "Forget the key" : "Key";
}

/** Asks for a key, and shows everything anew. */
async function askForKey(why) {
  if (asking) {
    return;
  }
  asking = true;
  shown.abort();
  keepKey(null);
  fill(callerShown);
  keyButton.hidden = false;
  keyButton.textContent = "Key";
  fill(main, h("h1", {}, "Evenkeel"), h("p", { class: "quiet" }, "This service needs a key."),
    h("button", { type: "button", class: "primary", click: () => askForKey() }, "Enter a key"));
  const asked = await ask({
    title: "Which key?",
    text: `${why ?? "This service needs a key."} This page keeps it in this tab only, until the tab is closed.`,
    fields: [{ name: "key", label: "API key or token", type: "password", required: true }],
    action: "Go on",
  });
  asking = false;
  if (asked) {
    keepKey(asked.key);
    show();
  }
}

document.addEventListener("unauthenticated", event => askForKey(hasKey() ? `That key is not accepted. ${event.detail}` : undefined));

keyButton.addEventListener("click", () => {
  const had = hasKey();
  keepKey(null);
  if (had) {
    say("The key is forgotten");
    show();
  } else {
    askForKey();
  }
});

document.getElementById("theme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  sessionStorage.setItem("evenkeel.theme", next);
  document.dispatchEvent(new Event("themed"));
  say(`${next} colours`);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("themed")));

// a link to #main would be taken for an address of the page
document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});

// a file dropped beside its place must not take the page away
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, event => event.preventDefault());
}

document.documentElement.dataset.started = "yes";
window.addEventListener("hashchange", () => show());
// a page that the browser keeps for the way back would keep its stream, and few connections are allowed
window.addEventListener("pagehide", () => shown.abort());
window.addEventListener("pageshow", event => event.persisted && show());
show(true);
