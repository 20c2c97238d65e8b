// Drift, where the service reports it: is what comes in still what the statistics were made from?

import { count, fill, h, number, problem } from "./elements.js";
import { get, path } from "./service.js";
import { heatStrip } from "./charts.js";
import { pagedTable } from "./table.js";

const BETWEEN_LOOKS = 5000;
let isThere = true;

/** How far a feature has moved, 0 to 1; above 0.6 only if the service calls it drifted. */
function moved(feature) {
  const size = Math.min(1, Math.max(Math.abs(feature.meanShift ?? 0), Math.abs(Math.log(feature.varianceRatio ?? 1)), (feature.populationStability ?? 0) / 0.5));
  return feature.drifted ? Math.max(0.61, size) : Math.min(0.6, size);
}

/** Whose rows these are, where there may be several replicas. */
const over = (scope, { replicas }) => (scope === "all" ? `, over ${count(replicas)} replica${replicas === 1 ? "" : "s"}` : "");

/** Words of a member's name: `meanShift` is "mean shift". */
const words = member => member.replace(/([A-Z])/g, " $1").toLowerCase();

const columns = [
  { label: "Feature", cell: f => f.name, by: f => f.name },
  { label: "Drifted", cell: f => (f.drifted ? (f.because ?? ["drifted"]).map(measure => h("span", { class: "badge warn" }, words(measure))) : "no"), by: f => Number(f.drifted) },
  { label: "Mean shift", numeric: true, cell: f => number(f.meanShift), by: f => Math.abs(f.meanShift ?? 0) },
  { label: "± error", numeric: true, cell: f => number(f.meanShiftError), by: f => f.meanShiftError },
  { label: "Variance ratio", numeric: true, cell: f => number(f.varianceRatio), by: f => f.varianceRatio },
  { label: "Absolute deviation, was", numeric: true, cell: f => number(f.absoluteDeviation?.reference), by: f => f.absoluteDeviation?.reference },
  { label: "is", numeric: true, cell: f => number(f.absoluteDeviation?.live), by: f => f.absoluteDeviation?.live },
  { label: "Population stability", numeric: true, cell: f => number(f.populationStability), by: f => f.populationStability },
  { label: "Missing, was", numeric: true, cell: f => number(f.missing?.reference), by: f => f.missing?.reference },
  { label: "is", numeric: true, cell: f => number(f.missing?.live), by: f => f.missing?.live },
];

/** Shows the report in a place, and nothing at all where the service has none. */
export async function drift(name, place, watched, signal) {
  const table = pagedTable("Drift", columns, f => f.name);
  const head = h("div");
  const section = h("section", { class: "card", "aria-labelledby": "drift-title" }, h("h2", { id: "drift-title" }, "Drift"), head, table.element);
  let wake = () => {};
  watched.driftListeners.push(() => wake());
  signal.addEventListener("abort", () => wake());
  while (!signal.aborted && isThere) {
    try {
      const report = document.hidden ? null : await get(path(name, "/drift"), signal);
      if (report) {
        section.isConnected || fill(place, section);
        show(report);
      }
    } catch (error) {
      if (error.name === "AbortError" || error.status === 401) {
        return;
      }
      if (error.kind === "not-found" || error.status === 405) {
        isThere = false;
        return;
      }
      fill(place, problem(error));
    }
    await new Promise(done => {
      wake = done;
      setTimeout(done, BETWEEN_LOOKS);
    });
  }

  function show({ scope, reference, live, features, drifted, driftedFeatures, nextPageToken }) {
    table.element.hidden = features.length === 0;
    if (!reference || !live) {
      fill(head, h("p", { class: "quiet" }, reference
        ? "No rows were normalised since the reference was set."
        : "There is nothing to compare with. Freeze the statistics, or serve a snapshot: then this tells whether what comes in is still like that."));
      return;
    }
    table.set([...features].sort((a, b) => moved(b) - moved(a)));
    const many = driftedFeatures ?? features.filter(feature => feature.drifted).length;
    fill(head,
      h("p", {}, drifted
        ? h("span", { class: "badge warn" }, `${count(many)} feature${many === 1 ? "" : "s"} drifted`)
        : h("span", { class: "badge training" }, "No drift found"), ` in ${count(live.rows)} rows since the reference${over(scope, live)}.`),
      heatStrip(`How far each of ${count(features.length)} features has moved`, features.map(moved), features.map(f => f.name)),
      nextPageToken && h("p", { class: "quiet" }, `The first ${count(features.length)} features are shown.`));
  }
}
