// Talks to the service: with the key of this tab, by problem documents, and live.

const KEY = "evenkeel.key";
const NORMALIZERS = "/api/v1/normalizers";
const ADMIN = "/api/v1/admin/normalizers";
const POLL = 3000;
const ROLES = ["reader", "trainer", "admin"];

let caller = null;

/** What the service refused, and why. */
export class Refusal extends Error {
  constructor(status, document, retryAfter) {
    super(document.detail ?? `The service answered ${status}.`);
    this.status = status;
    this.title = document.title;
    this.kind = (document.type ?? "").replace("urn:evenkeel:problem:", "");
    this.faults = document.errors ?? [];
    this.faultCount = document.errorCount ?? 0;
    this.retryAfter = Number(retryAfter ?? 0);
  }
}

export const path = (name, rest = "") => `${NORMALIZERS}/${encodeURIComponent(name)}${rest}`;
export const admin = (name, rest = "") => `${ADMIN}/${encodeURIComponent(name)}${rest}`;

export const hasKey = () => sessionStorage.getItem(KEY) !== null;

/** Keeps the key for as long as the tab is open, and nowhere else. */
export function keepKey(key) {
  caller = null;
  if (key) {
    sessionStorage.setItem(KEY, key);
  } else {
    sessionStorage.removeItem(KEY);
  }
}

/** Headers for a request that this page does not send itself. */
export function credentials() {
  return hasKey() ? { Authorization: `Bearer ${sessionStorage.getItem(KEY)}` } : {};
}

export async function refusal(response) {
  const isDocument = (response.headers.get("Content-Type") ?? "").includes("json");
  return new Refusal(response.status, isDocument ? await response.json() : {}, response.headers.get("Retry-After"));
}

/** Sends a request. Fails with a Refusal, or with a plain error where the service cannot be reached. */
export async function send(method, url, { body, type, accept = "application/json", headers = {}, signal } = {}) {
  const json = body !== undefined && type === undefined;
  const response = await fetch(url, {
    method, signal, cache: "no-cache", credentials: "omit",
    headers: { Accept: accept, ...(body === undefined ? {} : { "Content-Type": type ?? "application/json" }), ...credentials(), ...headers },
    body: json ? JSON.stringify(body) : body,
  }).catch(error => {
    throw error.name === "AbortError" ? error : new Error("The service cannot be reached.");
  });
  if (!response.ok) {
    const told = await refusal(response);
    if (told.status === 401) {
      document.dispatchEvent(new CustomEvent("unauthenticated", { detail: told.message }));
    }
    throw told;
  }
  return response;
}

export const get = async (url, signal) => (await send("GET", url, { signal })).json();

/** Who the key belongs to, asked once. */
export async function whoami() {
  caller ??= await get("/api/v1/caller");
  return caller;
}

/** Whether the caller may do what needs a role. */
export const may = role => caller !== null && ROLES.indexOf(caller.role) >= ROLES.indexOf(role);

/** Waits, or until it is no longer wanted. */
const wait = (ms, signal) => new Promise(done => {
  const timer = setTimeout(done, ms);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    done();
  }, { once: true });
});

/** The events of a stream, each as {event, id, data}. An EventSource could not send a key. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = {};
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data !== undefined) {
          yield event;
        }
        event = {};
        continue;
      }
      const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field !== "") {
        event[field] = field === "data" && event.data !== undefined ? `${event.data}\n${text}` : text;
      }
    }
  }
}

const withoutStream = new Set();

/**
 * Follows something while it is shown: by its events where the service has them, else by asking
 * again. Calls `look` at first and whenever something may have changed.
 *
 * @param stream the address of the events
 * @param kind what is remembered if the service has no such events
 * @param look asked without an argument to look, with the kind "open" when a stream begins, and with
 *   the data and the kind of each event
 * @param lost told the error while the service cannot be reached, and null when it can again
 */
export async function follow(stream, kind, look, lost, signal) {
  let pause = 1000;
  let last = null;
  while (!signal.aborted) {
    try {
      if (withoutStream.has(kind)) {
        if (!document.hidden) {
          await look();
          lost(null);
        }
        await wait(POLL, signal);
      } else {
        const response = await send("GET", stream, {
          accept: "text/event-stream", signal, headers: last === null ? {} : { "Last-Event-ID": last },
        });
        await look(null, "open");
        for await (const event of events(response)) {
          // an event without an id leaves the last one as it is, an empty id takes it away
          last = event.id === undefined ? last : event.id || null;
          pause = 1000;
          lost(null);
          await look(JSON.parse(event.data), event.event ?? "message");
        }
        await wait(pause, signal);
      }
    } catch (error) {
      if (signal.aborted || error.status === 401) {
        return;
      }
      // no such events here, or too many who follow them
      if ([404, 405, 406, 503].includes(error.status) && error.kind !== "unknown-normalizer") {
        withoutStream.add(kind);
        continue;
      }
      lost(error);
      if (error.kind === "unknown-normalizer" || error.status === 403) {
        return;
      }
      await wait(pause, signal);
      pause = Math.min(pause * 2, 30000);
    }
  }
}
