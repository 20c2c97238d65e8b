// A table of many rows, a page at a time, that can be searched and sorted.

import { count, fill, h } from "./elements.js";

const PAGE = 50;

/**
 * @param columns [{label, cell(item), by(item), numeric}]; a column with `by` can be sorted
 * @param name of an item, to search by
 */
export function pagedTable(label, columns, name) {
  let items = [], found = [], at = 0, sorted = null, down = false;
  const body = h("tbody");
  const position = h("span", { role: "status" });
  const back = h("button", { type: "button", click: () => turn(-PAGE) }, "Previous");
  const onward = h("button", { type: "button", click: () => turn(PAGE) }, "Next");
  const search = h("input", { type: "search", placeholder: "Find a feature…", "aria-label": `Find in ${label}`, input: () => {
    at = 0;
    arrange();
  } });
  const heads = columns.map(column => h("th", { scope: "col", class: column.numeric ? "n" : null }, column.by
    ? h("button", { type: "button", class: "sort", click: () => sort(column) }, column.label)
    : column.label));
  const bar = h("div", { class: "row between" }, search, h("div", { class: "row" }, position, back, onward));
  const element = h("div", {}, bar, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, heads)), body)));

  function sort(column) {
    down = sorted === column ? !down : Boolean(column.numeric);
    sorted = column;
    at = 0;
    columns.forEach((other, i) => other === column ? heads[i].setAttribute("aria-sort", down ? "descending" : "ascending") : heads[i].removeAttribute("aria-sort"));
    arrange();
  }

  function turn(by) {
    at += by;
    draw();
  }

  function arrange() {
    const wanted = search.value.trim().toLowerCase();
    found = wanted ? items.filter(item => name(item).toLowerCase().includes(wanted)) : [...items];
    if (sorted) {
      const order = (a, b) => (a === b ? 0 : a === null || a === undefined || Number.isNaN(a) ? 1 : b === null || b === undefined || Number.isNaN(b) ? -1 : (a < b ? -1 : 1) * (down ? -1 : 1));
      found.sort((a, b) => order(sorted.by(a), sorted.by(b)));
    }
    draw();
  }

  function draw() {
    at = Math.max(0, Math.min(at, Math.floor(Math.max(0, found.length - 1) / PAGE) * PAGE));
    fill(body, found.slice(at, at + PAGE).map(item => h("tr", {}, columns.map((column, i) => i === 0
      ? h("th", { scope: "row" }, column.cell(item))
      : h("td", { class: column.numeric ? "n" : null }, column.cell(item))))));
    back.disabled = at === 0;
    onward.disabled = at + PAGE >= found.length;
    bar.hidden = items.length <= 10;
    back.hidden = onward.hidden = found.length <= PAGE;
    position.textContent = found.length === 0 ? "none" : `${count(at + 1)} to ${count(Math.min(at + PAGE, found.length))} of ${count(found.length)}`;
  }

  return {
    element,
    set(next) {
      items = next;
      arrange();
    },
  };
}
