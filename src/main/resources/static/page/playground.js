// Rows by hand: normalised beside the raw ones, and the calls that do the same.

import { copyable, count, dropZone, fill, h, number, problem, say } from "./elements.js";
import { hasKey, path, send } from "./service.js";
import { headOf, parsed } from "./rows.js";
import { keepParsed } from "./distribution.js";

const MOST_ROWS = 50;
const MOST_FEATURES = 30;
const FILES = { "application/json": "rows.json", "application/x-ndjson": "rows.ndjson" };

/** The same call in three languages. */
export function calls(name, type, origin, key) {
  const file = FILES[type] ?? "rows.csv";
  const url = `${origin}${path(name, ":normalize")}`;
  const quoted = type.replaceAll('"', '\\"');
  return {
    curl: `curl '${url}' \\\n  -H 'Content-Type: ${type}' \\\n${key ? '  -H "Authorization: Bearer $EVENKEEL_KEY" \\\n' : ""}  --data-binary @${file}`,
    Python: `import ${key ? "os, " : ""}urllib.request\n\nrows = open("${file}", "rb").read()\nrequest = urllib.request.Request(\n    "${url}",\n    rows,\n    {"Content-Type": "${quoted}"${key ? ', "Authorization": "Bearer " + os.environ["EVENKEEL_KEY"]' : ""}})\nprint(urllib.request.urlopen(request).read().decode())`,
    Java: `import java.net.URI;\nimport java.net.http.*;\nimport java.nio.file.Path;\n\nvoid main() throws Exception {\n  var request = HttpRequest.newBuilder(URI.create("${url}"))\n      .header("Content-Type", "${quoted}")\n${key ? '      .header("Authorization", "Bearer " + System.getenv("EVENKEEL_KEY"))\n' : ""}      .POST(HttpRequest.BodyPublishers.ofFile(Path.of("${file}")))\n      .build();\n  var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());\n  IO.println(answer.body());\n}`,
  };
}

/** The part of a normalizer's page to try rows. */
export function playground(name, definition) {
  const features = definition.features.map(feature => feature.name);
  const example = JSON.stringify({ rows: [features.slice(0, 200).map((_, j) => j + 1)] });
  const text = h("textarea", { id: "rows", rows: 7, spellcheck: "false", autocomplete: "off", placeholder: features.length <= 200 ? example : "Rows as JSON or CSV" });
  const result = h("div", { "aria-live": "polite" });
  const snippets = h("div");
  const go = h("button", { type: "button", class: "primary", click: () => normalise() }, "Normalise");
  let language = "curl";

  const typeNow = () => {
    try {
      return parsed(text.value || "{\"rows\": []}", features).type;
    } catch {
      return "application/json";
    }
  };

  function showCalls() {
    const all = calls(name, typeNow(), location.origin, hasKey());
    fill(snippets, h("div", { class: "choice", role: "group", "aria-label": "Language" }, Object.keys(all).map(other => h("button", {
      type: "button", "aria-pressed": String(other === language), click: () => {
        language = other;
        showCalls();
        snippets.querySelector("[aria-pressed=true]").focus();
      } }, other))), copyable(all[language], `the call in ${language}`));
  }

  async function normalise() {
    fill(result, h("p", { class: "waiting" }, "Normalising…"));
    try {
      const { type, rows } = read();
      const answer = await (await send("POST", path(name, ":normalize"), { body: text.value, type, accept: "application/json" })).json();
      const normalised = rowsOf(answer);
      keepParsed(name, rows);
      show(rows, normalised);
      say(`${count(normalised.length)} rows normalised`);
    } catch (error) {
      fill(result, problem(error));
    }
  }

  function read() {
    try {
      return parsed(text.value, features);
    } catch {
      // the service tells what is wrong, and where
      return { type: "application/json", rows: [] };
    }
  }

  const rowsOf = answer => answer.columns
    ? Object.values(answer.columns)[0].map((_, i) => features.map(feature => answer.columns[feature]?.[i] ?? null))
    : answer.rows.map(row => (Array.isArray(row) ? row : features.map(feature => row?.[feature] ?? null)));

  function show(raw, normalised) {
    const columns = features.slice(0, MOST_FEATURES);
    fill(result, h("h3", {}, "Raw, and normalised"),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows, raw and normalised" }, h("table", { class: "beside" },
        h("thead", {},
          h("tr", {}, h("th", { scope: "col", rowspan: 2, class: "n" }, "Row"), columns.map(feature => h("th", { scope: "colgroup", colspan: 2 }, feature))),
          h("tr", {}, columns.flatMap(() => [h("th", { scope: "col", class: "n" }, "raw"), h("th", { scope: "col", class: "n" }, "normalised")]))),
        h("tbody", {}, normalised.slice(0, MOST_ROWS).map((row, i) => h("tr", {}, h("th", { scope: "row", class: "n" }, i + 1),
          columns.flatMap((_, j) => [h("td", { class: "n quiet" }, number(raw[i]?.[j])), h("td", { class: `n ${far(row[j])}` }, number(row[j]))])))))),
      (normalised.length > MOST_ROWS || features.length > MOST_FEATURES) && h("p", { class: "quiet" },
        `The first ${Math.min(MOST_ROWS, normalised.length)} of ${count(normalised.length)} rows and ${columns.length} of ${count(features.length)} features are shown.`),
      h("p", {}, h("a", { href: `#/n/${name}/distribution` }, "See their distribution before and after")));
  }

  text.addEventListener("input", showCalls);
  showCalls();
  return h("section", { "aria-labelledby": "playground-title" },
    h("h2", { id: "playground-title" }, "Playground"),
    h("label", { class: "block", for: "rows" }, "Rows as JSON or CSV. They are normalised by inference, and not counted."), text,
    h("div", { class: "row" }, go, h("button", { type: "button", click: () => {
      text.value = example;
      showCalls();
      text.focus();
    } }, "Example")),
    dropZone("Drop rows here, or choose a file", "JSON or CSV", ".csv,.tsv,.txt,.json,.ndjson,.jsonl", async file => {
      text.value = await headOf(file);
      showCalls();
      normalise();
    }),
    result, h("h3", {}, "The same call elsewhere"), snippets);
}

/** How far a normalised value is out, for its colour. */
const far = z => (z === null || !Number.isFinite(z) ? "" : Math.abs(z) > 4 ? "far4" : Math.abs(z) > 2 ? "far2" : "");
