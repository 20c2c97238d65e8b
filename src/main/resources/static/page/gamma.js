// Gamma by size: which features it makes superfluous.

import { count, fill, h, number, problem } from "./elements.js";
import { get, path } from "./service.js";
import { sizes } from "./charts.js";
import { pagedTable } from "./table.js";

/** The part of a normalizer's page about gamma and beta. */
export function gamma(name, watched, signal) {
  const names = watched.view.definition.features.map(feature => feature.name);
  const ratio = h("input", { type: "range", id: "ratio", min: 0, max: 0.95, step: 0.05, value: 0.5, input: () => look() });
  const shown = h("output", { for: "ratio" });
  const picture = h("div");
  const told = h("p", { role: "status" });
  const table = pagedTable("γ and β", [
    { label: "Feature", cell: f => f.name, by: f => f.name },
    { label: "γ", numeric: true, cell: f => number(f.gamma), by: f => f.gamma },
    { label: "|γ|", numeric: true, cell: f => number(Math.abs(f.gamma)), by: f => Math.abs(f.gamma) },
    { label: "β", numeric: true, cell: f => number(f.beta), by: f => f.beta },
    { label: "Kept", cell: f => (f.kept ? "yes" : h("span", { class: "badge" }, "pruned")), by: f => Number(f.kept) },
  ], f => f.name);
  let affine = null, version = null, turn = 0;

  async function look() {
    const mine = ++turn;
    shown.textContent = `${Math.round(ratio.value * 100)} %`;
    try {
      if (version !== watched.view.version || affine === null) {
        version = watched.view.version;
        affine = await get(path(name, "/affine"), signal);
      }
      const sparsity = await get(path(name, `/sparsity?ratio=${ratio.value}`), signal);
      if (mine !== turn) {
        return;
      }
      const kept = sparsity.kept.filter(Boolean).length;
      fill(picture, sizes(`|γ| of ${count(names.length)} features by size; ${count(kept)} are kept, by the threshold ${number(sparsity.threshold)}`, affine.gamma.map(Math.abs), sparsity.kept, sparsity.threshold));
      told.textContent = `${count(kept)} of ${count(names.length)} features are kept. The threshold of |γ| is ${number(sparsity.threshold)}; γ = 0 in ${count(sparsity.zeroGamma)}.`;
      table.set(names.map((feature, j) => ({ name: feature, gamma: affine.gamma[j], beta: affine.beta[j], kept: sparsity.kept[j] })));
    } catch (error) {
      if (error.name !== "AbortError") {
        fill(picture, problem(error, look));
      }
    }
  }

  watched.onChange(() => (watched.view.version === version ? null : look()));
  return h("section", { "aria-labelledby": "gamma-title" },
    h("h2", { id: "gamma-title" }, "γ by size"),
    h("label", { class: "inline", for: "ratio" }, h("span", {}, "Prune this share of the features"), ratio, shown),
    h("div", { class: "card" }, picture), told, table.element);
}
