// Small comforts; every page works without them.
"use strict";
// "?" opens the page's help, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (event.key !== "?" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const help = document.getElementById("help");
  if (!help) return;
  event.preventDefault();
  help.open = !help.open;
  if (help.open) { help.scrollIntoView({ block: "nearest" }); help.querySelector("summary").focus(); }
});
// A slider beside a day: it moves within the bounds that the page gives (days since the first).
const DAY = 86400000;
for (const field of document.querySelectorAll("input[type=date][data-first]")) {
  const first = Date.parse(field.dataset.first), last = Date.parse(field.dataset.last);
  if (!(last > first)) continue;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = 0;
  slider.max = Math.round((last - first) / DAY);
  slider.setAttribute("aria-label", field.closest("label").querySelector("span").textContent);
  const place = () => { slider.value = field.value ? Math.round((Date.parse(field.value) - first) / DAY) : slider.max; };
  place();
  slider.addEventListener("input", () => { field.value = new Date(first + slider.value * DAY).toISOString().slice(0, 10); });
  slider.addEventListener("change", () => field.form.requestSubmit());
  field.addEventListener("input", place);
  field.after(slider);
}
// A job's page follows the work without a reload; it is loaded anew once the work has ended.
const job = document.querySelector("[data-job]");
if (job && job.dataset.open) {
  const refresh = document.querySelector("meta[http-equiv=refresh]");
  if (refresh) refresh.remove();
  const look = async () => {
    try {
      const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const found = await answer.json();
        const told = found.figures.progress || {};
        for (const cell of job.querySelectorAll("[data-value]")) {
          const value = told[cell.dataset.value];
          if (value === undefined || value === null) continue;
          if (cell.tagName === "PROGRESS") cell.value = value; else cell.textContent = value;
        }
        if (!["waiting", "running"].includes(found.figures.state)) { location.reload(); return; }
      }
    } catch { /* the server is away for a moment: look again */ }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
}
for (const each of document.querySelectorAll("[data-print]")) {
  each.hidden = false;
  each.addEventListener("click", () => window.print());
}
for (const each of document.querySelectorAll("form[data-confirm]")) {
  each.addEventListener("submit", (event) => { if (!window.confirm(each.dataset.confirm)) event.preventDefault(); });
}
