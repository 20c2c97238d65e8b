// All normalizers: what they are, and how much they take in.

import { ask, copyable, count, dropZone, fill, h, number, problem, say, time } from "./elements.js";
import { follow, get, may, path, send, whoami } from "./service.js";
import { formatOf, headOf, nameOf } from "./rows.js";
import { countShown } from "./import.js";
import { keepRows } from "./distribution.js";

const PAGE = 50;
const BETWEEN_LOOKS = 3000;
const FULL_SAMPLE = 8 << 20;

/** Rows a second, from two looks at how many there were. */
export class Rates {
  #seen = new Map();

  /** Looks once more; null until there were two looks. */
  of(name, rows, now = performance.now()) {
    const seen = this.#seen.get(name);
    if (!seen || rows < seen.rows) {
      this.#seen.set(name, { rows, at: now, rate: null });
      return null;
    }
    const seconds = (now - seen.at) / 1000;
    if (seconds >= 1) {
      this.#seen.set(name, { rows, at: now, rate: (rows - seen.rows) / seconds });
    }
    return this.#seen.get(name).rate;
  }
}

/** What state a normalizer is in, in a word and a colour. */
export function badge(view) {
  if (view.frozen) {
    return h("span", { class: "badge frozen", title: view.frozen.reason ?? "" }, view.frozen.scope === "all" ? "frozen, with γ and β" : "frozen");
  }
  return view.rows === 0
    ? h("span", { class: "badge empty" }, "no rows yet")
    : h("span", { class: "badge training" }, "training");
}

/** Whether what comes in is still like the statistics; a dash where nothing is compared. */
function drifted(found) {
  if (!found) {
    return h("span", { title: "Nothing is compared: freeze the statistics, or serve a snapshot" }, "–");
  }
  const { driftedFeatures, features } = found;
  return found.drifted
    ? h("span", { class: "badge warn", title: features.join(", ") + (driftedFeatures > features.length ? ", …" : "") }, `${count(driftedFeatures)} feature${driftedFeatures === 1 ? "" : "s"}`)
    : "none";
}

/** Makes a normalizer of a file's columns, counts its rows if wanted, and goes to its picture. */
export async function makeOf(file, place) {
  const asked = await ask({
    title: "Make a normalizer of this file",
    text: `The columns of numbers in ${file.name} become its features.`,
    fields: [
      { name: "name", label: "Name", value: nameOf(file), required: true, pattern: "[a-z0-9][a-z0-9._\\-]{0,127}", hint: "Lower-case letters, digits, '.', '_' and '-'" },
      { name: "preset", label: "Preset", value: "evenkeel", choices: ["evenkeel", "scikit-learn", "pytorch", "keras", "river", "stable-baselines3"] },
      { name: "train", label: "Count its rows, too", type: "checkbox", value: true },
    ],
    action: "Make it",
  });
  if (!asked) {
    return;
  }
  fill(place, h("p", { class: "waiting" }, "Reading the columns…"));
  try {
    const { type, lines } = await formatOf(file);
    const sample = lines ? await headOf(file, FULL_SAMPLE) : file;
    const made = await (await send("PUT", path(asked.name, asked.preset === "evenkeel" ? "" : `?preset=${asked.preset}`), { body: sample, type })).json();
    const left = (made.columns ?? []).filter(column => !column.taken);
    if (lines) {
      await keepRows(asked.name, file, made.definition.features.map(feature => feature.name));
    }
    if (asked.train && !await countShown(place, file, asked.name, { skip: true })) {
      return;
    }
    say(`${asked.name} is made${left.length ? `; left out: ${left.map(column => column.name).join(", ")}` : ""}`);
    location.hash = `#/n/${asked.name}/distribution`;
  } catch (error) {
    fill(place, problem(error));
  }
}

const first = (name = "first") => `curl -X PUT ${location.origin}/api/v1/normalizers/${name} --json '{"featureCount": 2}'
curl "${location.origin}/api/v1/normalizers/${name}:normalize?mode=training" --json '{"rows": [[1, 10], [3, 20], [5, 60]]}'`;

/** Shows the list until the signal says that it is no longer wanted. */
export async function showList(main, signal) {
  await whoami();
  const rates = new Rates();
  const before = [];
  let prefix = "", token = "", next = null, turn = 0, isComplete = false, soon = null;
  const rows = h("tbody");
  const state = h("div", {}, h("p", { class: "waiting" }, "Loading…"));
  const work = h("div");
  const search = h("input", { type: "search", id: "search", placeholder: "Names that begin with…", autocomplete: "off", spellcheck: "false" });
  const back = h("button", { type: "button", click: () => move(before.pop()) }, "Previous");
  const onward = h("button", { type: "button", click: () => {
    before.push(token);
    move(next);
  } }, "Next");
  const table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Normalizers", hidden: true }, h("table", { class: "list" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Name"), h("th", { scope: "col" }, "State"), h("th", { scope: "col" }, "Drift"), h("th", { scope: "col", class: "n" }, "Rows"),
      h("th", { scope: "col", class: "n" }, "Rows/s"), h("th", { scope: "col", class: "n" }, "Version"), h("th", { scope: "col" }, "Last change"))), rows));
  const paging = h("nav", { class: "row end", "aria-label": "Pages of the list", hidden: true }, back, onward);
  const make = may("admin")
    ? dropZone("Drop a CSV here", "or choose a file: its columns of numbers become a normalizer", ".csv,.tsv,.txt,.ndjson,.jsonl,.arrow,.feather,.npy", file => makeOf(file, work))
    : null;
  fill(main, h("div", { class: "row between top" }, h("h1", {}, "Normalizers"),
    h("label", { class: "search", for: "search" }, h("span", { class: "unseen" }, "Search by the beginning of the name"), search)),
    state, table, paging, make, work);

  async function look() {
    const mine = ++turn;
    const query = new URLSearchParams({ pageSize: PAGE, ...(prefix && { prefix }), ...(token && { pageToken: token }) });
    // the first names that are compared, at least as far as the page goes
    const [page, drift] = await Promise.all([get(`/api/v1/normalizers?${query}`, signal),
      get(`/api/v1/drift?${query}`, signal).catch(() => ({ normalizers: [] }))]);
    if (mine === turn) {
      show(page, new Map(drift.normalizers.map(one => [one.name, one])));
    }
  }

  function show(page, drift) {
    next = page.nextPageToken;
    back.disabled = before.length === 0;
    onward.disabled = !next;
    paging.hidden = before.length === 0 && !next;
    const none = page.normalizers.length === 0;
    table.hidden = none;
    fill(state, none && (prefix ? h("p", { class: "quiet" }, `No name begins with ‘${prefix}’.`) : empty()));
    const focused = document.activeElement?.closest?.("tr")?.dataset.name;
    fill(rows, page.normalizers.map(view => row(view, drift.get(view.name))));
    if (focused) {
      rows.querySelector(`tr[data-name="${CSS.escape(focused)}"] a`)?.focus();
    }
  }

  function row(view, drift) {
    const rate = rates.of(view.name, view.rows);
    return h("tr", { "data-name": view.name },
      h("th", { scope: "row" }, h("a", { href: `#/n/${view.name}` }, view.name)),
      h("td", {}, badge(view), view.servingSnapshot && h("span", { class: "badge serving" }, `serves ${view.servingSnapshot}`)),
      h("td", {}, drifted(drift)),
      h("td", { class: "n" }, count(view.rows)),
      h("td", { class: "n" }, rate === null ? "–" : number(Math.round(rate))),
      h("td", { class: "n" }, count(view.version)),
      h("td", {}, time(view.updatedAt)));
  }

  function empty() {
    return h("section", { class: "card empty-state" }, h("h2", {}, "There is no normalizer yet"),
      may("admin")
        ? [h("p", {}, "These two lines make the first one. Or drop a table below, and see what normalising does to it."), copyable(first(), "the two lines that make the first normalizer")]
        : h("p", {}, "Somebody with the role admin has to make one."));
  }

  function move(to) {
    token = to ?? "";
    search.focus();
    look().catch(lost);
  }

  function lost(error) {
    if (error && error.name !== "AbortError" && error.status !== 401) {
      fill(state, problem(error, () => look().then(() => lost(null), lost)));
    } else if (!error && state.querySelector(".problem")) {
      fill(state);
    }
  }

  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      prefix = search.value.trim();
      token = "";
      before.length = 0;
      look().then(() => say(`${rows.children.length}${next ? " and more" : ""} found`)).catch(lost);
    }, 200);
  });
  // rates fall to zero without an event, and there are more normalizers than a page shows
  const timer = setInterval(() => document.hidden || look().catch(lost), BETWEEN_LOOKS);
  signal.addEventListener("abort", () => clearInterval(timer));
  await look().catch(lost);
  if (next === null && before.length === 0) {
    await follow("/api/v1/events", "all", async (_, kind) => {
      // what comes between these two is the list that is shown already
      isComplete = kind === "begin" ? false : isComplete || kind === "complete";
      if (isComplete && !soon) {
        soon = setTimeout(() => {
          soon = null;
          look().catch(lost);
        }, 500);
      }
    }, lost, signal);
  }
}
