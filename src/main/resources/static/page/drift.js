// Drift, where the service reports it: is what comes in still what the statistics were made from?

import { count, fill, h, number, problem } from "./elements.js";
import { get, path } from "./service.js";
import { heatStrip } from "./charts.js";
import { pagedTable } from "./table.js";

const BETWEEN_LOOKS = 5000;
let isThere = true;

/** How far a feature has moved, 0 to 1, from the figures that its report has. */
function moved(feature) {
  const shift = Math.abs(feature.meanShift ?? feature.shift ?? 0);
  const index = feature.populationStabilityIndex ?? feature.psi ?? 0;
  const size = Math.max(Math.min(1, shift), Math.min(1, index / 0.5));
  return feature.drifted ? Math.max(0.61, size) : Math.min(0.6, size);
}

/** Words of a member's name: `meanShift` is "mean shift". */
const words = member => member.replace(/([A-Z])/g, " $1").toLowerCase();

/** Shows the report in a place, and nothing at all where the service has none. */
export async function drift(name, place, watched, signal) {
  let table = null;
  let members = "";
  while (!signal.aborted && isThere) {
    try {
      const report = await get(path(name, "/drift"), signal);
      const figures = Object.keys(report.features[0] ?? {}).filter(member => typeof report.features[0][member] === "number");
      if (table === null || members !== figures.join()) {
        members = figures.join();
        table = pagedTable("Drift", [
          { label: "Feature", cell: f => f.name, by: f => f.name },
          { label: "Drifted", cell: f => (f.drifted ? h("span", { class: "badge warn" }, "drifted") : "no"), by: f => Number(f.drifted) },
          ...figures.map(member => ({ label: words(member), numeric: true, cell: f => number(f[member]), by: f => f[member] })),
        ], f => f.name);
      }
      table.set([...report.features].sort((a, b) => moved(b) - moved(a)));
      const drifted = report.features.filter(feature => feature.drifted);
      const focused = place.contains(document.activeElement);
      if (!focused) {
        fill(place, h("section", { class: "card", "aria-labelledby": "drift-title" },
          h("h2", { id: "drift-title" }, "Drift"),
          h("p", {}, report.drifted
            ? h("span", { class: "badge warn" }, `${count(drifted.length)} of ${count(report.features.length)} features drifted`)
            : h("span", { class: "badge training" }, "No drift found"), ` in ${count(report.live?.rows ?? 0)} rows since the reference.`),
          heatStrip(`How far each of ${count(report.features.length)} features has moved`, report.features.map(moved), report.features.map(f => f.name), () => {}),
          table.element));
      }
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      if (error.kind === "not-found" || error.status === 405) {
        isThere = false;
        return;
      }
      if (error.status !== 409 && error.status !== 404) {
        fill(place, problem(error));
      }
    }
    await new Promise(done => setTimeout(done, BETWEEN_LOOKS));
  }
}
