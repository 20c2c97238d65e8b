// Snapshots: keep, restore, serve, delete; and what one would do to a model that knows another.

import { ask, count, fill, h, number, problem, time } from "./elements.js";
import { admin, get, path } from "./service.js";
import { pagedTable } from "./table.js";

const NOTICED = 0.1;

/** The part of a normalizer's page about snapshots. */
export function snapshots(name, watched, act, signal) {
  const list = h("div");
  const comparison = h("div");
  let shownFor = null;

  async function look() {
    try {
      const { snapshots: all } = await get(admin(name, "/snapshots"), signal);
      shownFor = key();
      fill(list, all.length === 0 ? h("p", { class: "quiet" }, "There is none. A snapshot keeps definition, γ, β and statistics, so that you can go back to them, serve them or compare them.") : table(all));
      fill(comparison, all.length === 0 ? [] : compare(name, all.map(one => one.label), signal));
    } catch (error) {
      if (error.name !== "AbortError") {
        fill(list, problem(error, look));
      }
    }
  }

  const key = () => `${watched.view.updatedAt} ${watched.view.servingSnapshot}`;

  function table(all) {
    const serving = watched.view.servingSnapshot;
    return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Snapshots" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Label"), h("th", { scope: "col", class: "n" }, "Version"), h("th", { scope: "col" }, "Taken"), h("th", { scope: "col" }, "Actions"))),
      h("tbody", {}, all.map(one => h("tr", {},
        h("th", { scope: "row" }, one.label, serving === one.label && h("span", { class: "badge serving" }, "serves")),
        h("td", { class: "n" }, count(one.version)),
        h("td", {}, time(one.createdAt)),
        h("td", {}, h("div", { class: "row" },
          serving === one.label
            ? button("Serve the present state", one, () => sure(`Serve the present state of ${name}?`, "Inference uses the present statistics again.", "Serve it", reason => act("PUT", path(name, "/serving"), { snapshot: null }, "The present state serves")), false)
            : button("Serve", one, () => sure(`Serve ${one.label}?`, "Inference uses this snapshot while training goes on.", "Serve it", () => act("PUT", path(name, "/serving"), { snapshot: one.label }, `${one.label} serves`)), false),
          button("Restore", one, () => sure(`Restore ${one.label}?`, "Definition, γ, β and statistics go back to this snapshot. What was counted since is lost, unless you take a snapshot first.", "Restore it", reason => act("POST", admin(name, ":restore"), { snapshot: one.label, ...reason }, `${one.label} is restored`), true), true, Boolean(watched.view.frozen)),
          button("Delete", one, () => sure(`Delete the snapshot ${one.label}?`, "It cannot be brought back.", "Delete it", reason => act("DELETE", admin(name, `/snapshots/${encodeURIComponent(one.label)}`), reason, `${one.label} is deleted`), true), true, serving === one.label))))))));
  }

  const button = (label, one, click, dangerous, disabled = false) =>
    h("button", { type: "button", class: dangerous ? "small danger" : "small", disabled, "aria-label": `${label}: ${one.label}`, click }, label);

  async function sure(title, text, action, todo, dangerous = false) {
    const asked = await ask({ title, text, action, dangerous, fields: [{ name: "reason", label: "Reason, for the audit trail", maxlength: 1000 }] });
    if (asked && await todo(asked.reason ? { reason: asked.reason } : {})) {
      await look();
    }
  }

  watched.onChange(() => (shownFor === null || shownFor === key() || comparison.contains(document.activeElement) ? null : look()));
  look();
  return [h("section", { "aria-labelledby": "snapshots-title" }, h("h2", { id: "snapshots-title" }, "Snapshots"), list), comparison];
}

/**
 * What changes for a model when a feature's statistics go from one state to another: the
 * normalised value of the old mean, which was 0, and how long a step of one is then.
 */
export function change(from, to, j) {
  const deviation = Math.sqrt(from.variance[j]), other = Math.sqrt(to.variance[j]);
  return { shift: (from.mean[j] - to.mean[j]) / other, step: deviation / other };
}

/** Two states side by side. */
function compare(name, labels, signal) {
  const states = ["the present state", ...labels];
  const from = h("select", { id: "from", change: () => look() }, labels.map(label => h("option", {}, label)));
  const to = h("select", { id: "to", change: () => look() }, states.map(label => h("option", {}, label)));
  const told = h("p", { role: "status" });
  const table = pagedTable("Comparison", [
    { label: "Feature", cell: f => f.name, by: f => f.name },
    { label: "Old mean becomes", numeric: true, cell: f => number(f.shift), by: f => Math.abs(f.shift) },
    { label: "A step of 1 becomes", numeric: true, cell: f => number(f.step), by: f => Math.abs(Math.log(f.step)) },
    { label: "Mean from", numeric: true, cell: f => number(f.from), by: f => f.from },
    { label: "to", numeric: true, cell: f => number(f.to), by: f => f.to },
  ], f => f.name);
  const statistics = label => get(path(name, `/statistics${label === states[0] ? "" : `?snapshot=${encodeURIComponent(label)}`}`), signal);

  async function look() {
    try {
      const [a, b] = await Promise.all([statistics(from.value), statistics(to.value)]);
      const changed = a.features.map((feature, j) => ({ feature, j, other: b.features.indexOf(feature) })).filter(({ other }) => other >= 0)
        .map(({ feature, j, other }) => ({ name: feature, ...change({ mean: [a.mean[j]], variance: [a.variance[j]] }, { mean: [b.mean[other]], variance: [b.variance[other]] }, 0), from: a.mean[j], to: b.mean[other] }))
        .sort((x, y) => Math.abs(y.shift) - Math.abs(x.shift));
      const noticed = changed.filter(({ shift, step }) => Math.abs(shift) > NOTICED || Math.abs(Math.log(step)) > NOTICED).length;
      told.textContent = noticed === 0
        ? "A model would hardly notice: no input moves or stretches by more than a tenth."
        : `A model would notice ${count(noticed)} of ${count(changed.length)} inputs: they move by more than 0.1, or stretch by more than a tenth.`;
      table.set(changed);
    } catch (error) {
      if (error.name !== "AbortError") {
        told.replaceChildren(problem(error));
      }
    }
  }

  look();
  return h("section", { "aria-labelledby": "compare-title" },
    h("h2", { id: "compare-title" }, "What would it do to my model?"),
    h("div", { class: "row" }, h("label", { class: "inline", for: "from" }, h("span", {}, "It was trained behind"), from),
      h("label", { class: "inline", for: "to" }, h("span", {}, "and would get rows from"), to)),
    told, table.element);
}
