// The audit trail of one normalizer, the latest first.

import { count, fill, h, problem, time } from "./elements.js";
import { get } from "./service.js";

const PAGE = 50;

/** The part of a normalizer's page that shows who did what. */
export function audit(name) {
  const rows = h("tbody");
  const state = h("div");
  const more = h("button", { type: "button", hidden: true, click: () => look() }, "Earlier ones");
  let token = null;

  async function look() {
    try {
      const query = new URLSearchParams({ name, pageSize: PAGE, ...(token && { pageToken: token }) });
      const page = await get(`/api/v1/admin/audit?${query}`);
      token = page.nextPageToken;
      more.hidden = !token;
      rows.append(...page.entries.map(entry => h("tr", {},
        h("td", {}, time(entry.at)), h("th", { scope: "row" }, entry.command), h("td", {}, entry.actor ?? h("span", { class: "quiet" }, "anybody")),
        h("td", { class: "n" }, count(entry.version)), h("td", { class: "text" }, entry.reason ?? ""))));
      fill(state, rows.children.length === 0 && h("p", { class: "quiet" }, "No command yet."));
    } catch (error) {
      fill(state, problem(error, look));
    }
  }

  look();
  return h("section", { "aria-labelledby": "audit-title" }, h("h2", { id: "audit-title" }, "Audit trail"), state,
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Audit trail" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "When"), h("th", { scope: "col" }, "Command"), h("th", { scope: "col" }, "Who"),
        h("th", { scope: "col", class: "n" }, "Version"), h("th", { scope: "col" }, "Reason"))), rows)), more);
}
