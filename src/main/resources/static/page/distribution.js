// The picture that explains batch normalisation: the same rows before and after, and what an
// activation behind them makes of both.

import { dropZone, fill, h, count, percent, problem } from "./elements.js";
import { path, send } from "./service.js";
import { firstRows } from "./rows.js";
import { COLOURS, distributions, range } from "./charts.js";

const MOST_ROWS = 5000;
const MOST_SHOWN = 6;
const kept = new Map();

/** Keeps the first rows of a file in the tab, for the picture. */
export async function keepRows(name, file, features) {
  kept.set(name, (await firstRows(file, features)).slice(0, MOST_ROWS));
}

export const keepParsed = (name, rows) => kept.set(name, rows.slice(0, MOST_ROWS));

/** a(z), and whether the answer y hardly learns any more: the service's own rule. */
const ACTIVATIONS = {
  none: { of: z => z, saturates: () => false },
  sigmoid: { of: z => 1 / (1 + Math.exp(-z)), saturates: y => y * (1 - y) < 0.05 * 0.25, range: [-0.03, 1.03] },
  tanh: { of: Math.tanh, saturates: y => 1 - y * y < 0.05, range: [-1.06, 1.06] },
  relu: { of: z => Math.max(z, 0), saturates: y => y <= 0 },
};

const present = values => values.filter(x => x !== null && Number.isFinite(x));

/** The share of answers at which an activation is saturated. */
export function saturation(activation, columns) {
  const { of, saturates } = ACTIVATIONS[activation];
  const values = columns.flatMap(present);
  return values.filter(z => saturates(of(z))).length / values.length;
}

const column = (rows, j) => rows.map(row => row[j] ?? null);

/** The features whose places and widths differ most, so that the picture says something. */
function telling(rows, features) {
  const spread = features.map((_, j) => {
    const values = present(column(rows, j));
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { j, size: values.length < 2 ? 0 : Math.abs(mean) + Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
  }).filter(({ size }) => size > 0).sort((a, b) => b.size - a.size);
  const apart = spread.filter(({ size }) => size > (spread[0]?.size ?? 0) / 30);
  const step = Math.max(1, (apart.length - 1) / 3);
  return [...new Set([0, 1, 2, 3].map(i => apart[Math.min(apart.length - 1, Math.round(i * step))]?.j))].filter(j => j !== undefined);
}

/** The part of a normalizer's page with the picture. */
export function distribution(name, definition) {
  const features = definition.features.map(feature => feature.name);
  const state = { chosen: null, activation: "none", normalised: null };
  const picture = h("div");
  const section = h("section", { "aria-labelledby": "distribution-title" },
    h("h2", { id: "distribution-title" }, "Before and after"), picture,
    dropZone("Drop rows here, or choose a file", "They are normalised and shown, and not counted", ".csv,.tsv,.txt,.json,.ndjson,.jsonl", async file => {
      try {
        await keepRows(name, file, features);
        await normalise();
      } catch (error) {
        fill(picture, problem(error));
      }
    }));

  async function normalise() {
    const rows = kept.get(name);
    if (!rows || rows.length === 0) {
      fill(picture, h("p", { class: "quiet" }, "The service keeps statistics and no rows. Drop some rows to see their distribution before and after normalising; they stay in this tab."));
      return;
    }
    fill(picture, h("p", { class: "waiting" }, "Normalising…"));
    try {
      const answer = await (await send("POST", path(name, ":normalize?invalidRows=skip&maxSkipped=1"), { body: { rows } })).json();
      state.normalised = answer.rows.map(row => row ?? features.map(() => null));
      state.chosen ??= telling(rows, features);
      draw();
    } catch (error) {
      fill(picture, problem(error, normalise));
    }
  }

  function draw() {
    const rows = kept.get(name);
    const before = state.chosen.map(j => column(rows, j));
    const after = state.chosen.map(j => column(state.normalised, j));
    const series = values => state.chosen.map((j, i) => ({ name: features[j], values: values[i], colour: COLOURS[i] }));
    const names = state.chosen.map(j => features[j]).join(", ");
    fill(picture,
      h("p", {}, `${count(rows.length)} rows. Each hill is one feature. Before, each has its own place and width; after, all are around 0 with width 1.`),
      h("ul", { class: "legend" }, state.chosen.map((j, i) => h("li", {}, h("span", { class: `swatch ${COLOURS[i]}` }), features[j],
        state.chosen.length > 1 && h("button", { type: "button", class: "small", "aria-label": `Leave out ${features[j]}`, click: () => choose(state.chosen.filter(other => other !== j)) }, "×"))),
        state.chosen.length < MOST_SHOWN && state.chosen.length < features.length && h("li", {}, picker())),
      h("div", { class: "pair" },
        h("figure", {}, h("figcaption", {}, "Before"), distributions(`Before normalising: ${names}`, series(before), range(before))),
        h("figure", {}, h("figcaption", {}, "After"), distributions(`After normalising: ${names}`, series(after), range(after), [0]))),
      activations(before, after, series, names));
  }

  function picker() {
    const input = h("input", { list: "all-features", placeholder: "Add a feature…", "aria-label": "Add a feature", change: () => {
      const j = features.indexOf(input.value);
      if (j >= 0 && !state.chosen.includes(j)) {
        choose([...state.chosen, j]);
      }
    } });
    return [input, h("datalist", { id: "all-features" }, features.filter((_, j) => !state.chosen.includes(j)).slice(0, 1000).map(feature => h("option", { value: feature })))];
  }

  function choose(chosen) {
    state.chosen = chosen;
    draw();
  }

  function activations(before, after, series, names) {
    if (definition.activation !== "none") {
      return h("p", { class: "quiet" }, `The definition has the activation ${definition.activation}; the picture after shows its answers.`);
    }
    const buttons = Object.keys(ACTIVATIONS).map(activation => h("button", {
      type: "button", "aria-pressed": String(state.activation === activation), click: () => {
        state.activation = activation;
        draw();
        picture.querySelector(".choice [aria-pressed=true]").focus();
      },
    }, activation));
    const chooser = h("div", { class: "choice", role: "group", "aria-label": "Activation behind it" }, h("span", {}, "Activation behind it"), buttons);
    if (state.activation === "none") {
      return chooser;
    }
    const { of, range: fixed } = ACTIVATIONS[state.activation];
    const apply = columns => columns.map(values => values.map(z => (z === null ? null : of(z))));
    const [without, withIt] = [apply(before), apply(after)];
    const [lost, left] = [saturation(state.activation, before), saturation(state.activation, after)];
    const word = state.activation === "relu" ? "are 0" : "are saturated";
    return [chooser,
      h("div", { class: "pair" },
        h("figure", {}, h("figcaption", {}, `${state.activation} without normalising: `, h("strong", {}, percent(lost)), ` ${word}`),
          distributions(`${state.activation} of the values before normalising: ${names}`, series(without), fixed ?? range(without))),
        h("figure", {}, h("figcaption", {}, `${state.activation} behind normalising: `, h("strong", {}, percent(left)), ` ${word}`),
          distributions(`${state.activation} of the values after normalising: ${names}`, series(withIt), fixed ?? range(withIt)))),
      h("p", { class: "quiet" }, "Where an activation is saturated its slope is below a twentieth of the largest (for relu: it is 0), and a layer before it hardly learns.")];
  }

  normalise();
  return section;
}
