// Rows in files and texts: which format they are in, a look at them, and pieces to send.

const PIECE = 1 << 20;
const LOOK = 4 << 20;
const MOST_CELLS = 400000;
const QUOTE = 34, LINE_FEED = 10, RETURN = 13;

/** Delimiter and decimal mark that the first lines speak for. */
function dialect(text) {
  const lines = text.split(/\r?\n/, 12);
  const header = lines[0] ?? "";
  const found = c => header.split(c).length - 1;
  const delimiter = [",", ";", "\t", "|"].reduce((best, c) => (found(c) > found(best) ? c : best));
  const decimal = delimiter !== "," && lines.slice(1).some(line => /(^|[;\t|])\s*-?\d+,\d+\s*($|[;\t|])/.test(line)) ? "," : ".";
  return { delimiter, decimal };
}

/** The media type that the service wants for CSV of this dialect. */
function csvType({ delimiter, decimal }) {
  return (delimiter === "\t" ? "text/tab-separated-values" : "text/csv" + (delimiter === "," ? "" : `;delimiter="${delimiter}"`))
    + (decimal === "," ? ';decimal=","' : "");
}

/** The rows of a CSV text, cell by cell, with its header. */
function csvRows(text, { delimiter, decimal }) {
  const rows = [];
  let row = [], cell = "", quoted = false, cells = 0;
  const end = () => {
    row.push(cell.trim());
    cell = "";
  };
  for (let i = 0; i < text.length && cells < MOST_CELLS; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        cell += '"';
        i++;
      } else if (c === '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c === '"') {
      quoted = true;
    } else if (c === delimiter) {
      end();
    } else if (c === "\n" || c === "\r") {
      if (cell !== "" || row.length > 0) {
        end();
        cells += row.length;
        rows.push(row);
        row = [];
      }
    } else {
      cell += c;
    }
  }
  if (cell !== "" || row.length > 0) {
    end();
    rows.push(row);
  }
  const header = rows.shift() ?? [];
  const value = text => {
    const plain = decimal === "," ? text.replace(",", ".") : text;
    return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain);
  };
  return { header, rows: rows.map(cells => cells.map(value)) };
}

/** Rows as the features want them: a missing value where there is none. */
function inOrder(header, rows, features) {
  const at = features.map(feature => header.indexOf(feature));
  return rows.map(row => at.map(j => (j < 0 ? null : row[j] ?? null)));
}

/** JSON rows, however they are spelled, as the features want them. */
function jsonRows(text, features) {
  const value = JSON.parse(text);
  if (value.columns) {
    const names = Object.keys(value.columns);
    return inOrder(names, value.columns[names[0]].map((_, i) => names.map(name => value.columns[name][i])), features);
  }
  const rows = Array.isArray(value) ? value : value.rows ?? [];
  return rows.map(row => (Array.isArray(row) ? row : features.map(feature => row[feature] ?? null)));
}

/** What a text holds: its media type, and its rows in the order of the features. */
export function parsed(text, features) {
  if (/^\s*[[{]/.test(text)) {
    const isLines = /^\s*([[{][^\n]*[\]}])\s*\n\s*[[{]/.test(text) && !/^\s*\[\s*\n/.test(text) && !isJson(text);
    return isLines
      ? { type: "application/x-ndjson", rows: text.trim().split(/\r?\n/).flatMap(line => jsonRows(`[${line}]`, features)) }
      : { type: "application/json", rows: jsonRows(text, features) };
  }
  const spoken = dialect(text);
  const { header, rows } = csvRows(text, spoken);
  const names = features.length > 0 ? features : header;
  return { type: csvType(spoken), rows: inOrder(header, rows, names) };
}

function isJson(text) {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

/** The first rows of a file, in the order of the features. */
export async function firstRows(file, features) {
  return parsed(await headOf(file), features).rows;
}

/** As much of a text file as is worth looking at, cut behind a line. */
export async function headOf(file, most = LOOK) {
  const text = await file.slice(0, most).text();
  return (file.size > most ? text.slice(0, text.lastIndexOf("\n") + 1) : text).replace(/^\ufeff/, "");
}

/** The format of a file, by its first bytes; `lines` tells whether it can be cut behind lines. */
export async function formatOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const magic = String.fromCharCode(...bytes);
  if (magic.startsWith("ARROW1")) {
    return { type: "application/vnd.apache.arrow.file", lines: false, header: false };
  }
  if (bytes[0] === 255 && bytes[3] === 255) {
    return { type: "application/vnd.apache.arrow.stream", lines: false, header: false };
  }
  if (magic.startsWith("\x93NUMPY")) {
    return { type: "application/x-npy", lines: false, header: false };
  }
  const head = await headOf(file, 1 << 16);
  return /^\s*[[{]/.test(head)
    ? { type: isJson(head) || head.trimStart().startsWith("[\n") ? "application/json" : "application/x-ndjson", lines: !isJson(head), header: false }
    : { type: csvType(dialect(head)), lines: true, header: true };
}

/** A normalizer's name made of a file's. */
export const nameOf = file => file.name.replace(/\.[^.]*$/, "").toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, 128) || "rows";

/** Where each row of some bytes begins: behind line ends that no quote holds, blank lines left out. */
function rowStarts(bytes) {
  const starts = [];
  let quoted = false, begin = 0, blank = true;
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i];
    if (b === QUOTE) {
      quoted = !quoted;
      blank = false;
    } else if (b === LINE_FEED && !quoted) {
      if (!blank) {
        starts.push(begin);
      }
      begin = i + 1;
      blank = true;
    } else if (b !== RETURN && b !== 32) {
      blank = false;
    }
  }
  if (!blank) {
    starts.push(begin);
  }
  return { starts, end: begin };
}

/**
 * A file in pieces of whole rows, each with the file's header in front.
 * Yields {body, rows, firstRow, from, to, row(i)}; `row` gives the text of a row of the piece.
 */
export async function* pieces(file, hasHeader) {
  let from = 0, firstRow = 0, size = PIECE, header = null;
  while (from < file.size) {
    const to = Math.min(from + size, file.size);
    const bytes = new Uint8Array(await file.slice(from, to).arrayBuffer());
    const { starts, end } = rowStarts(bytes);
    const isLast = to === file.size;
    const length = isLast ? bytes.length : end;
    if (length === 0) {
      size *= 2;
      continue;
    }
    const rows = starts.filter(start => start < length);
    let first = 0;
    if (hasHeader && header === null) {
      first = rows[1] ?? length;
      header = file.slice(0, first);
      rows.shift();
    }
    if (rows.length > 0) {
      yield {
        body: new Blob(hasHeader ? [header, bytes.subarray(first, length)] : [bytes.subarray(first, length)]),
        rows: rows.length, firstRow, from, to: from + length,
        row: i => new TextDecoder().decode(bytes.subarray(rows[i], rows[i + 1] ?? length)).trim(),
      };
    }
    firstRow += rows.length;
    from += length;
    size = PIECE;
  }
}
