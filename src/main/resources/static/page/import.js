// Sends a file of any length to be counted, piece by piece, with a report while it goes on.

import { fill, h, count, number, percent, say, problem, dropZone } from "./elements.js";
import { credentials, path, refusal, send } from "./service.js";
import { formatOf, pieces } from "./rows.js";

const MOST_SHOWN = 200;
const TRIES = 5;

/** A short text that another file is unlikely to have. */
const mark = file => [...`${file.name}|${file.size}|${file.lastModified}`].reduce((hash, c) => (Math.imul(hash, 31) + c.charCodeAt(0)) >>> 0, 7).toString(36);

/** Repeats a request that the service has no room for. It has a key, so that it counts once. */
async function patiently(request, signal) {
  for (let i = 1; ; i++) {
    try {
      return await request();
    } catch (error) {
      if (i === TRIES || ![429, 503].includes(error.status) || signal.aborted) {
        throw error;
      }
      await new Promise(done => setTimeout(done, 1000 * Math.max(1, error.retryAfter)));
    }
  }
}

/** Sends a body that cannot be cut. Only XMLHttpRequest tells how far it is. */
function sendWhole(url, file, type, key, report, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries({ "Content-Type": type, Accept: "application/json", "Idempotency-Key": key, ...credentials() })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = event => report(event.loaded);
    request.onload = async () => {
      const response = new Response(request.responseText, { status: request.status, headers: { "Content-Type": request.getResponseHeader("Content-Type") } });
      if (response.ok) {
        resolve(await response.json());
      } else {
        reject(await refusal(response));
      }
    };
    request.onerror = () => reject(new Error("The service cannot be reached."));
    request.onabort = () => reject(new DOMException("Stopped", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/**
 * Counts the rows of a file. Sending the same file again counts nothing twice: each piece has a
 * key made of the file and its place.
 *
 * @param report told {sent, rows, skipped, duplicates} after each piece
 * @return the same at the end
 */
export async function countFile(file, name, { skip, report, signal }) {
  const { type, lines, header } = await formatOf(file);
  const state = { sent: 0, rows: 0, duplicates: 0, refused: 0, skipped: [] };
  const url = path(name, `:observe${skip ? "?invalidRows=skip&maxSkipped=1" : ""}`);
  const keyOf = place => `page-${mark(file)}-${skip ? "s" : "r"}-${place}`;
  if (!lines) {
    const answer = await patiently(() => sendWhole(url, file, type, keyOf(0), sent => report({ ...state, sent }), signal), signal);
    state.sent = file.size;
    note(answer, state, null);
    report(state);
    return state;
  }
  for await (const piece of pieces(file, header)) {
    const answer = await patiently(
      async () => (await send("POST", url, { body: piece.body, type, headers: { "Idempotency-Key": keyOf(piece.from) }, signal })).json(), signal)
      .catch(error => {
        error.firstRow = piece.firstRow;
        throw error;
      });
    state.sent = piece.to;
    state.rows += piece.rows;
    note(answer, state, piece);
    report(state);
  }
  return state;
}

function note(answer, state, piece) {
  if (answer.outcome === "duplicate") {
    state.duplicates++;
  }
  state.outcome = answer.outcome;
  const skipped = answer.skipped ?? [];
  state.refused += skipped.length;
  for (const { row, code } of skipped.slice(0, MOST_SHOWN - state.skipped.length)) {
    state.skipped.push({ row: row + (piece?.firstRow ?? 0), code, text: piece?.row(row).slice(0, 200) ?? "" });
  }
}

const clock = seconds => (seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);
const size = bytes => (bytes < 1e6 ? `${number(bytes / 1e3)} kB` : `${number(bytes / 1e6)} MB`);

/** Counts a file while showing how far it is. Resolves to the end state, or to null if stopped or refused. */
export async function countShown(place, file, name, { skip }) {
  const stop = new AbortController();
  const bar = h("progress", { max: file.size, value: 0, "aria-label": `Sending ${file.name}` });
  const line = h("p", { class: "figures" }, "Starting…");
  const button = h("button", { type: "button", click: () => stop.abort() }, "Stop");
  const refused = h("div");
  fill(place, h("div", { class: "card" }, h("h3", {}, file.name), bar, h("div", { class: "row between" }, line, button), refused));
  const begun = performance.now();
  let state = { sent: 0, rows: 0, refused: 0, skipped: [], duplicates: 0 };
  const report = next => {
    state = next;
    const seconds = (performance.now() - begun) / 1000;
    bar.value = state.sent;
    const left = (file.size - state.sent) / (state.sent / seconds);
    line.textContent = `${size(state.sent)} of ${size(file.size)} (${percent(state.sent / file.size)})`
      + (state.rows ? ` · ${count(state.rows)} rows · ${count(state.rows / seconds)} rows/s` : ` · ${size(state.sent / seconds)}/s`)
      + (state.sent < file.size ? ` · ${clock(left)} left` : ` · ${clock(seconds)}`);
    showRefused(refused, state);
  };
  try {
    await countFile(file, name, { skip, report, signal: stop.signal });
    button.remove();
    const told = state.outcome === "frozen" ? "The statistics are frozen: nothing was counted."
      : state.duplicates > 0 ? `${state.duplicates} of its parts had been counted before, and were not counted again.`
      : "Counted.";
    line.append(` ${told}`);
    say(`${file.name}: ${told}`);
    return state;
  } catch (error) {
    button.remove();
    const before = state.rows > 0 ? ` The ${count(state.rows)} rows before are counted; send the same file again to go on.` : " Nothing was counted.";
    if (error.name === "AbortError") {
      line.append(` Stopped.${before}`);
      say("Stopped");
    } else {
      for (const fault of error.faults ?? []) {
        fault.pointer = fault.pointer.replace(/^#\/rows\/(\d+)/, (_, row) => `row ${Number(row) + error.firstRow + 1}`);
      }
      place.append(problem(error), h("p", {}, before));
    }
    return null;
  }
}

function showRefused(place, state) {
  if (state.refused > 0) {
    fill(place, h("h4", {}, `${count(state.refused)} rows refused and left out`),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows refused" }, h("table", {},
        h("thead", {}, h("tr", {}, h("th", { class: "n", scope: "col" }, "Row"), h("th", { scope: "col" }, "Rule"), h("th", { scope: "col" }, "Text"))),
        h("tbody", {}, state.skipped.map(({ row, code, text }) =>
          h("tr", {}, h("td", { class: "n" }, count(row + 1)), h("td", {}, code), h("td", { class: "text" }, text)))))),
      state.refused > state.skipped.length && h("p", { class: "quiet" }, `The first ${MOST_SHOWN} are shown.`));
  }
}

/** The part of a normalizer's page that takes files. */
export function importing(name, { counted }) {
  const skip = h("input", { type: "checkbox", checked: true });
  const place = h("div");
  return h("section", { "aria-labelledby": "import-title" },
    h("h2", { id: "import-title" }, "Import"),
    h("p", {}, "A file of any length is counted: it is sent in parts, and each part counts once, however often you send it."),
    h("label", { class: "check" }, skip, "Leave out rows that break a rule, and show them"),
    dropZone("Drop a file here, or choose one", "CSV, NDJSON, Arrow or .npy", ".csv,.tsv,.txt,.ndjson,.jsonl,.arrow,.feather,.npy", async file => {
      if (await countShown(place, file, name, { skip: skip.checked })) {
        counted(file);
      }
    }),
    place);
}
