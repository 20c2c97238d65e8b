// Pictures: distributions in SVG, curves over time by uPlot. Colours come from the style sheet.

import { h, number } from "./elements.js";

const BINS = 60;
const NARROW = 700;
const LARGEST_CELL = 24;
const WIDEST_BAR = 80;
/** Seconds: a curve that has just begun has an axis, too. */
const SHORTEST = 20;
export const COLOURS = ["c0", "c1", "c2", "c3", "c4", "c5"];

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

let uplot = null;

/** Loads uPlot when the first curve is drawn. */
function withUplot() {
  uplot ??= new Promise((resolve, reject) => {
    const place = file => new URL(file, import.meta.url).href;
    document.head.append(
      h("link", { rel: "stylesheet", href: place("./uPlot.min.css") }),
      h("script", { src: place("./uPlot.iife.min.js"), load: resolve, error: reject }));
  });
  return uplot;
}

/** How many values fall into each of equal bins; values beyond an end count in the last one there. */
export function histogram(values, low, high, bins = BINS) {
  const counts = new Array(bins).fill(0);
  const width = (high - low) / bins || 1;
  for (const x of values) {
    if (x !== null && Number.isFinite(x)) {
      counts[Math.min(bins - 1, Math.max(0, Math.floor((x - low) / width)))]++;
    }
  }
  return counts;
}

/** The range of most values of some columns, so that one outlier does not make a needle of all. */
export function range(columns) {
  const ends = columns.map(values => {
    const sorted = values.filter(x => x !== null && Number.isFinite(x)).sort((a, b) => a - b);
    return sorted.length === 0 ? [0, 1] : [sorted[Math.floor(sorted.length * 0.005)], sorted[Math.ceil(sorted.length * 0.99) - 1]];
  });
  const low = Math.min(...ends.map(end => end[0])), high = Math.max(...ends.map(end => end[1]));
  const margin = (high - low || Math.abs(high) || 1) * 0.03;
  return [low - margin, high + margin];
}

/**
 * Several columns' values on one axis, each a hill of the same height: what is compared is place
 * and width.
 *
 * @param series [{name, values, colour}], the colour a class of the style sheet
 * @param marks values to mark on the axis
 */
export function distributions(title, series, [low, high], marks = []) {
  const W = 600, H = 190, FLOOR = 165;
  const x = value => ((value - low) / (high - low)) * W;
  const hills = series.map(({ name, values, colour: c }) => {
    const counts = histogram(values, low, high);
    const most = Math.max(...counts, 1);
    const points = counts.map((n, i) => `${((i + 0.5) / BINS) * W},${FLOOR - (n / most) * (FLOOR - 12)}`);
    return h("path", { class: `hill ${c}`, d: `M0,${FLOOR} L${points.join(" L")} L${W},${FLOOR} Z` }, h("title", {}, name));
  });
  const ticks = [0.02, 0.25, 0.5, 0.75, 0.98].map(at => h("text", {
    x: at * W, y: H - 6, "text-anchor": at < 0.1 ? "start" : at > 0.9 ? "end" : "middle",
  }, number(Number((low + at * (high - low)).toPrecision(2)))));
  const lines = marks.filter(mark => mark > low && mark < high).map(mark => h("line", { class: "mark", x1: x(mark), x2: x(mark), y1: 8, y2: FLOOR }));
  return h("svg", { class: "chart", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": title },
    h("line", { class: "axis", x1: 0, x2: W, y1: FLOOR, y2: FLOOR }), lines, hills, ticks);
}

/** One cell a feature, the darker the larger its value from 0 to 1. */
export function heatStrip(title, values, names) {
  const columns = Math.min(values.length, innerWidth < NARROW ? 32 : 100);
  const lines = Math.ceil(values.length / columns);
  const size = 10;
  // few cells do not grow to fill the line
  return h("svg", { class: "heat", width: columns * LARGEST_CELL, viewBox: `0 0 ${columns * size} ${lines * size}`, role: "img", "aria-label": title },
    values.map((value, i) => h("rect", {
      class: `heat${Math.max(0, Math.min(5, Math.ceil(value * 5)))}`, x: (i % columns) * size, y: Math.floor(i / columns) * size,
      width: size - 1, height: size - 1,
    }, h("title", {}, `${names[i]}: ${number(value)}`))));
}

/** A curve with a band around it, over time. Returns {element, set(times, mean, low, high), end()}. */
export function bandOverTime(label) {
  const element = h("div", { class: "curve", role: "img", "aria-label": label });
  let plot = null, data = [[], [], [], []];
  const draw = () => {
    plot?.destroy();
    const ink = colour("--quiet"), grid = colour("--line"), main = colour("--accent");
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "12px system-ui" };
    plot = new uPlot({
      width: Math.max(240, element.clientWidth), height: 240,
      scales: { x: { range: () => [Math.min(data[0][0], data[0].at(-1) - SHORTEST), data[0].at(-1)] } },
      legend: { show: false }, cursor: { y: false },
      series: [{}, { stroke: main, width: 2, points: { show: data[0].length < 2 } }, { points: { show: false } }, { points: { show: false } }],
      bands: [{ series: [3, 2], fill: colour("--band") }],
      axes: [{ ...axis, values: (_, times) => times.map(t => new Date(t * 1000).toLocaleTimeString([], { hour12: false })), space: 90 },
        { ...axis, size: 64, values: (_, values) => values.map(number) }],
    }, data, element);
  };
  const sized = new ResizeObserver(() => plot && plot.setSize({ width: Math.max(240, element.clientWidth), height: 240 }));
  sized.observe(element);
  const themed = () => plot && draw();
  document.addEventListener("themed", themed);
  return {
    element,
    set(...next) {
      const first = plot === null || data[0].length < 2;
      data = next;
      if (first) {
        withUplot().then(() => element.isConnected && draw());
      } else {
        plot.setData(data);
      }
    },
    end() {
      sized.disconnect();
      document.removeEventListener("themed", themed);
      plot?.destroy();
    },
  };
}

/** Sizes from the largest to the smallest, with a threshold; what is kept has another colour. */
export function sizes(title, values, kept, threshold) {
  const W = 1000, H = 160;
  const sorted = values.map((value, i) => ({ value, kept: kept[i] })).sort((a, b) => b.value - a.value || b.kept - a.kept);
  const most = Math.max(sorted[0]?.value ?? 1, threshold, Number.MIN_VALUE);
  const y = value => H - 10 - (value / most) * (H - 24);
  const width = Math.min(W / sorted.length, WIDEST_BAR);
  return h("svg", { class: "chart", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": title, preserveAspectRatio: "none" },
    sorted.map(({ value, kept: isKept }, at) => h("rect", {
      class: isKept ? "kept" : "pruned", x: at * width + width * 0.1, width: width * 0.8, y: y(value), height: Math.max(1, H - 10 - y(value)),
    })),
    h("line", { class: "mark", x1: 0, x2: W, y1: y(threshold), y2: y(threshold) }));
}
