// One normalizer: what it is, what comes in, and what may be done with it.

import { ask, count, fill, h, number, percent, problem, say, time } from "./elements.js";
import { admin, follow, get, may, path, send, whoami } from "./service.js";
import { badge, Rates } from "./list.js";
import { bandOverTime } from "./charts.js";
import { distribution } from "./distribution.js";
import { pagedTable } from "./table.js";
import { gamma } from "./gamma.js";
import { drift } from "./drift.js";
import { snapshots } from "./snapshots.js";
import { audit } from "./audit.js";
import { playground } from "./playground.js";
import { importing } from "./import.js";

const MOST_POINTS = 600;
const MOST_NUMBERS = 2e6;
const MOST_KEPT = 4;
const BETWEEN_LOOKS = 1000;

const PARTS = [
  ["overview", "Overview"], ["distribution", "Before and after"], ["features", "Features"], ["gamma", "γ and β"],
  ["snapshots", "Snapshots", "admin"], ["audit", "Audit", "admin"], ["playground", "Playground"], ["import", "Import", "trainer"],
];

/** What was seen of the latest normalizers, so that it is still there behind another part. */
const history = new Map();

/** What everybody who shows a part of the page shares: the latest view and statistics. */
class Watched {
  view = null;
  statistics = null;
  /** What the service told of drift last; nothing has drifted until it does. */
  drift = null;
  listeners = [];
  driftListeners = [];
  rates = new Rates();

  constructor(name) {
    /** Times, and means and variances of all features then: what was seen while the page is open. */
    this.seen = history.get(name) ?? [];
    history.delete(name);
    history.set(name, this.seen);
    if (history.size > MOST_KEPT) {
      history.delete(history.keys().next().value);
    }
  }

  update(view, statistics) {
    this.view = view;
    this.rate = this.rates.of(view.name, view.rows);
    this.statistics = statistics ?? this.statistics;
    const { mean, variance } = this.statistics;
    this.seen.push({ at: Date.now() / 1000, mean, variance });
    this.seen.splice(0, this.seen.length - Math.max(2, Math.min(MOST_POINTS, MOST_NUMBERS / (2 * mean.length))));
    this.listeners.forEach(listener => listener());
  }

  updateDrift(drift) {
    this.drift = drift;
    this.driftListeners.forEach(listener => listener());
  }

  onChange(listener) {
    this.listeners.push(listener);
    if (this.view) {
      listener();
    }
  }
}

/** Shows a normalizer until the signal says that it is no longer wanted. */
export async function showNormalizer(main, name, part, signal) {
  await whoami();
  const watched = new Watched(name);
  const state = h("div");
  const head = h("div");
  const parts = PARTS.filter(([, , role]) => !role || may(role));
  const current = parts.find(([id]) => id === part) ?? parts[0];
  const tabs = h("nav", { class: "tabs", "aria-label": `Parts of ${name}` }, parts.map(([id, label]) =>
    h("a", { href: `#/n/${name}/${id}`, "aria-current": id === current[0] ? "page" : null }, label)));
  const place = h("div", { class: "part" }, h("p", { class: "waiting" }, "Loading…"));
  fill(main, h("p", { class: "crumbs" }, h("a", { href: "#/" }, "Normalizers"), " / "), h("h1", {}, name), head, tabs, state, place);

  tabs.querySelector("[aria-current]").scrollIntoView({ inline: "center", block: "nearest" });

  const lost = error => {
    if (error === null) {
      state.querySelector(".problem") && fill(state);
    } else if (error.status !== 401 && error.name !== "AbortError") {
      fill(state, problem(error));
      if (!watched.view) {
        fill(place);
      }
    }
  };

  let built = false;
  let lastLook = -BETWEEN_LOOKS;
  const look = async (told = null) => {
    const before = watched.view?.version;
    const view = told ?? await get(path(name), signal);
    const moved = view.version !== before;
    watched.update(view, moved ? await get(path(name, "/statistics"), signal) : null);
    if (!built) {
      built = true;
      drawHead();
      fill(place, PLACES[current[0]](name, watched, act, signal));
      watched.onChange(drawHead);
      watched.driftListeners.push(drawHead);
    }
  };

  /** Does something to the normalizer, and shows it at once. */
  async function act(method, url, body, told) {
    try {
      await send(method, url, { body });
      await look();
      say(told);
      lost(null);
      return true;
    } catch (error) {
      lost(error);
      return false;
    }
  }

  function drawHead() {
    const { view, rate } = watched;
    const focused = head.contains(document.activeElement) ? document.activeElement.textContent : null;
    fill(head, h("div", { class: "row between" },
      h("dl", { class: "facts" },
        fact("State", badge(view)),
        fact("Rows", count(view.rows)),
        fact("Rows/s", rate === null ? "–" : number(Math.round(rate))),
        fact("Batches", count(view.batches)),
        fact("Features", count(view.definition.features.length)),
        fact("Version", count(view.version)),
        watched.drift?.drifted && fact("Drift", h("span", { class: "badge warn", title: watched.drift.features.join(", ") }, `${count(watched.drift.driftedFeatures)} feature${watched.drift.driftedFeatures === 1 ? "" : "s"}`)),
        view.servingSnapshot && fact("Serves", h("span", { class: "badge serving" }, view.servingSnapshot)),
        fact("Last change", time(view.updatedAt))),
      may("admin") && h("div", { class: "row" },
        view.frozen
          ? h("button", { type: "button", click: () => command("Unfreeze", "Training batches count again.", ":unfreeze") }, "Unfreeze")
          : h("button", { type: "button", click: freeze }, "Freeze"),
        h("button", { type: "button", click: takeSnapshot }, "Snapshot"),
        h("button", { type: "button", class: "danger", disabled: Boolean(view.frozen), click: () => command("Reset", "The statistics begin anew. γ, β and snapshots stay. This cannot be undone: take a snapshot first if you may need them.", ":reset", true) }, "Reset"))));
    if (focused) {
      [...head.querySelectorAll("button")].find(button => button.textContent === focused)?.focus();
    }
  }

  const reasonField = { name: "reason", label: "Reason, for the audit trail", maxlength: 1000 };

  async function command(label, text, verb, dangerous = false) {
    const asked = await ask({ title: `${label} ${name}?`, text, fields: [reasonField], action: label, dangerous });
    if (asked) {
      await act("POST", admin(name, verb), asked.reason ? { reason: asked.reason } : {}, `${label}: done`);
    }
  }

  async function freeze() {
    const asked = await ask({
      title: `Freeze ${name}?`, text: "Training batches still return rows, but no longer count.", action: "Freeze",
      fields: [{ name: "all", label: "Hold γ and β, too", type: "checkbox" }, reasonField],
    });
    if (asked) {
      await act("POST", admin(name, ":freeze"), { scope: asked.all ? "all" : "statistics", ...(asked.reason && { reason: asked.reason }) }, "Frozen");
    }
  }

  async function takeSnapshot() {
    const asked = await ask({
      title: `Take a snapshot of ${name}`, text: "It keeps definition, γ, β and statistics under a label.", action: "Take it",
      fields: [{ name: "label", label: "Label", value: new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-"), required: true, pattern: "[a-z0-9][a-z0-9._\\-]{0,127}", hint: "Lower-case letters, digits, '.', '_' and '-'" }, reasonField],
    });
    if (asked) {
      await act("POST", admin(name, "/snapshots"), { label: asked.label, ...(asked.reason && { reason: asked.reason }) }, `Snapshot ${asked.label} is taken`);
    }
  }

  // the curve goes on, and rates fall to zero, without an event
  const timer = setInterval(() => document.hidden || !built || look().catch(lost), 5000);
  signal.addEventListener("abort", () => clearInterval(timer));

  // the service leaves versions out that come faster than they are read
  await follow(path(name, "/events"), "one", async (view, kind) => {
    if (kind === "deleted") {
      lost({ title: "Deleted.", message: `There is no normalizer ${name} any more.` });
    } else if (kind === "open" || kind === "drift") {
      // a stream begins without drift
      watched.updateDrift(view);
    } else if (kind === undefined || kind === "message") {
      await new Promise(done => setTimeout(done, Math.max(0, BETWEEN_LOOKS - (performance.now() - lastLook))));
      lastLook = performance.now();
      await look(view);
    }
  }, lost, signal);
}

const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value));

const PLACES = {
  overview, features,
  distribution: (name, watched) => distribution(name, watched.view.definition),
  gamma: (name, watched, _, signal) => gamma(name, watched, signal),
  snapshots,
  audit: name => audit(name),
  playground: (name, watched) => playground(name, watched.view.definition),
  import: (name, watched) => importing(name, { counted: () => {} }),
};

/** The running mean and deviation of a feature while the page is open. */
function overview(name, watched, act, signal) {
  const names = watched.view.definition.features.map(feature => feature.name);
  let chosen = 0;
  const curve = bandOverTime(`Running mean of a feature over time, with a band of one deviation`);
  signal.addEventListener("abort", curve.end);
  const figures = h("dl", { class: "facts" });
  const picker = names.length <= 200
    ? h("select", { id: "feature", change: event => choose(event.target.selectedIndex) }, names.map(feature => h("option", {}, feature)))
    : h("input", { id: "feature", list: "feature-names", value: names[0], change: event => names.includes(event.target.value) && choose(names.indexOf(event.target.value)) });
  const list = names.length > 200 && h("datalist", { id: "feature-names" }, names.slice(0, 2000).map(feature => h("option", { value: feature })));
  const drifting = h("div");

  function choose(j) {
    chosen = j;
    draw();
  }

  function draw() {
    const { seen, statistics } = watched;
    if (!statistics) {
      return;
    }
    const times = seen.map(({ at }) => at);
    const mean = seen.map(one => one.mean[chosen]);
    const deviation = seen.map(one => Math.sqrt(one.variance[chosen]));
    curve.set(times, mean, mean.map((m, i) => m - deviation[i]), mean.map((m, i) => m + deviation[i]));
    const untrained = statistics.untrained.includes(names[chosen]);
    fill(figures,
      fact("Mean", untrained ? "no value yet" : number(statistics.mean[chosen])),
      fact("Deviation", untrained ? "–" : number(Math.sqrt(statistics.variance[chosen]))),
      fact("Smallest", number(statistics.min[chosen])), fact("Largest", number(statistics.max[chosen])),
      fact("Values", number(statistics.count[chosen])),
      statistics.saturated && fact("Saturated", percent(statistics.saturated[chosen] ?? 0)));
  }

  watched.onChange(draw);
  drift(name, drifting, watched, signal);
  requestAnimationFrame(draw);
  return [h("section", { class: "card", "aria-labelledby": "running-title" },
    h("div", { class: "row between" }, h("h2", { id: "running-title" }, "Running mean and deviation"),
      h("label", { class: "inline", for: "feature" }, h("span", {}, "Feature"), picker), list),
    curve.element, figures,
    h("p", { class: "quiet" }, "The line is the running mean, the band one running deviation to each side, since this page was opened.")),
  drifting];
}

/** All features with their statistics. */
function features(name, watched, act, signal) {
  const table = pagedTable("Features", [
    { label: "Feature", cell: f => f.name, by: f => f.name },
    { label: "Mean", numeric: true, cell: f => number(f.mean), by: f => f.mean },
    { label: "Deviation", numeric: true, cell: f => number(f.deviation), by: f => f.deviation },
    { label: "Smallest", numeric: true, cell: f => number(f.min), by: f => f.min },
    { label: "Largest", numeric: true, cell: f => number(f.max), by: f => f.max },
    { label: "Values", numeric: true, cell: f => number(f.count), by: f => f.count },
    { label: "Notes", cell: f => f.notes.map(note => h("span", { class: "badge" }, note)), by: f => f.notes.join() || null },
  ], f => f.name);
  watched.onChange(() => {
    const s = watched.statistics;
    if (!s) {
      return;
    }
    const constant = new Set(s.constant), untrained = new Set(s.untrained);
    table.set(s.features.map((feature, j) => ({
      name: feature, count: s.count[j],
      mean: untrained.has(feature) ? null : s.mean[j], deviation: untrained.has(feature) ? null : Math.sqrt(s.variance[j]),
      min: s.min[j], max: s.max[j],
      notes: [untrained.has(feature) && "no value yet", constant.has(feature) && !untrained.has(feature) && "constant",
        s.saturated?.[j] > 0.5 && `${percent(s.saturated[j])} saturated`].filter(Boolean),
    })));
  });
  const drifting = h("div");
  drift(name, drifting, watched, signal);
  return h("section", { "aria-labelledby": "features-title" }, h("h2", { id: "features-title" }, "Features"), table.element, drifting);
}
