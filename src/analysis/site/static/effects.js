// The page of effects: one outcome at a time, with the estimators that are ticked.
"use strict";

const form = document.querySelector("[data-chart=effects]");
const checks = document.getElementById("estimators");
const small = matchMedia("(max-width: 40rem)");
const FEW = 4;

form.hidden = false;
form.elements.effect.addEventListener("input", chooseOutcome);
checks.addEventListener("input", show);
small.addEventListener("change", show);
chooseOutcome();

function chosen() {
  return given.effects[Number(form.elements.effect.value)];
}

function chooseOutcome() {
  checks.replaceChildren(
    ...chosen().estimates.map(({ estimator }) => {
      const box = element("input", { type: "checkbox", name: "estimator", value: estimator, checked: "" });
      return element("label", {}, box, estimator);
    }),
  );
  show();
}

function show() {
  const effect = chosen();
  const wanted = new Set([...checks.querySelectorAll("input:checked")].map((box) => box.value));
  const estimates = effect.estimates.filter((each) => wanted.has(each.estimator));
  showOverall(effect, estimates);
  showTable(effect, estimates);
  showPaths(effect, wanted);
  showPictures(effect);
}

function showOverall(effect, estimates) {
  const name = `Effect on ${effect.outcome.toLowerCase()}, ${effect.level.toLowerCase()}`;
  const axis = { title: `Effect, ${effect.unit}`, grid: true, tickCount: small.matches ? 4 : 8 };
  const y = { field: "estimator", type: "nominal", sort: null, title: null, axis: small.matches ? { labelLimit: 120 } : {} };
  const tooltip = ["estimator", "att", "lower", "upper", "truth"].map((field) => ({ field }));
  draw("overall-chart", {
    title: titled(name, effect),
    description: `${name}: ${estimates.length} estimates with intervals. The table below has the numbers.`,
    height: 24 * estimates.length,
    data: { values: estimates },
    layer: [
      { data: { values: [{}] }, mark: { type: "rule", color: "currentColor", opacity: 0.6, aria: false }, encoding: { x: { datum: 0, type: "quantitative" } } },
      { mark: { type: "rule", strokeWidth: 2, color: COLOURS[0], aria: false }, encoding: { y, x: { field: "lower", type: "quantitative", axis }, x2: { field: "upper" }, tooltip } },
      { mark: { type: "point", filled: true, size: 60, color: COLOURS[0], opacity: 1 }, encoding: { y, x: { field: "att", type: "quantitative" }, tooltip } },
      { mark: { type: "tick", thickness: 3, size: 16, color: TRUTH, opacity: 1, aria: false }, encoding: { y, x: { field: "truth", type: "quantitative" } } },
    ],
  });
}

function showTable(effect, estimates) {
  const table = document.getElementById("overall-table");
  const digits = (value) => {
    if (value === null) return "—";
    const places = (estimates[0].text.split(".")[1] || "").length;
    return value.toFixed(places).replace("-", "−");
  };
  table.tBodies[0].replaceChildren(
    ...estimates.map((each) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, each.estimator),
        element("td", { class: "right" }, element("a", { href: each.gallery }, each.text)),
        element("td", { class: "right" }, `${digits(each.lower)} to ${digits(each.upper)}`),
        element("td", { class: "right" }, digits(each.truth)),
        element("td", {}, element("a", { href: each.cell, "aria-label": `the cell that made the estimate: ${each.estimator}` }, each.cell.split("#")[1] || "notebook")),
      ),
    ),
  );
  table.hidden = false;
}

function showPaths(effect, wanted) {
  const place = document.getElementById("path-chart");
  const all = [...new Set(effect.paths.map((row) => row.estimator))].filter((name) => name !== "Truth");
  const shown = all.filter((name) => wanted.has(name));
  place.hidden = shown.length === 0;
  if (place.hidden) return;
  const rows = effect.paths.filter((row) => shown.includes(row.estimator));
  const truth = effect.paths.filter((row) => row.estimator === "Truth");
  const name = `Effect on ${effect.outcome.toLowerCase()} by month since ${effect.since}`;
  const title = titled(name, effect);
  if (truth.length) title.subtitle = [title.subtitle, "dashed: the truth"];
  const x = { field: "month", type: "quantitative", title: `Months since ${effect.since}`, axis: { grid: false, tickMinStep: 1 } };
  const y = { field: "value", type: "quantitative", title: `Effect, ${effect.unit}` };
  const legend = { orient: "bottom", columns: small.matches ? 1 : 3, values: shown, symbolType: "stroke", symbolOpacity: 1, symbolStrokeWidth: 3 };
  const color = { field: "estimator", type: "nominal", title: null, scale: { domain: all, range: COLOURS }, legend };
  // More than a few intervals over each other hide what they are of.
  const bands = shown.length <= FEW ? [{ data: { values: rows }, mark: { type: "area", opacity: 0.16, aria: false }, encoding: { x, y: { ...y, field: "lower" }, y2: { field: "upper" }, color } }] : [];
  const dashes = truth.length ? [{ data: { values: truth }, mark: { type: "line", strokeDash: [6, 4], strokeWidth: 2.5, color: TRUTH, aria: false }, encoding: { x, y } }] : [];
  draw("path-chart", {
    title,
    description: `${name}, a path for each of ${shown.join(", ")}.`,
    height: small.matches ? 280 : 380,
    layer: [
      { data: { values: [{}] }, mark: { type: "rule", color: "currentColor", opacity: 0.5, aria: false }, encoding: { y: { datum: 0, type: "quantitative" } } },
      { data: { values: [{}] }, mark: { type: "rule", strokeDash: [2, 3], color: "currentColor", opacity: 0.5, aria: false }, encoding: { x: { datum: -0.5, type: "quantitative" } } },
      ...bands,
      { data: { values: rows }, mark: { type: "line", point: { size: 30 }, strokeWidth: 1.8, aria: false }, encoding: { x, y, color, tooltip: ["estimator", "month", "value", "lower", "upper"].map((field) => ({ field })) } },
      ...dashes,
    ],
  });
}

function showPictures(effect) {
  document.getElementById("pictures").replaceChildren(
    ...effect.pictures.map((picture) =>
      element(
        "figure",
        {},
        element("img", { src: picture.file, alt: picture.alt }),
        element("figcaption", {}, `${picture.caption} `, element("a", { href: picture.cell, "aria-label": `the cell that made the figure ${picture.file.slice(8, -4)}` }, "Its cell")),
      ),
    ),
    ...(effect.pictures.length || effect.paths.length ? [] : [element("p", { class: "quiet" }, "No estimator has effects by month here.")]),
  );
}
