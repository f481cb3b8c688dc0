// The page of places: lines over months, and tiles that are shaded and choose what stands out.
"use strict";

const form = document.querySelector("[data-chart=places]");
const { study: studies, measure: measures, year: years } = form.elements;
const tiles = document.getElementById("tiles");
// From light to dark; dark letters can be read on all of them.
const SHADES = ["#f0f6e4", "#d9eedd", "#bfe3d6", "#a3d5d3", "#86c5d1", "#6bb2cc"];
let followed = new Set();

form.hidden = false;
studies.addEventListener("input", chooseStudy);
measures.addEventListener("input", show);
years.addEventListener("input", showTiles);
chooseStudy();

function study() {
  return given.studies[Number(studies.value)];
}

function measure() {
  return study().measures[Number(measures.value)];
}

function chooseStudy() {
  followed = new Set([study().places[0].name]);
  measures.replaceChildren(...study().measures.map(({ label }, place) => option(place, label)));
  const all = [...new Set(study().months.map((month) => month.slice(0, 4)))];
  years.replaceChildren(...all.map((year) => option(year, year)));
  years.value = all.at(-1);
  show();
}

function show() {
  showLines();
  showTiles();
}

function written(value) {
  if (value === null) return "—";
  return measure().scale === "share" ? `${(100 * value).toFixed(1)}%` : new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value);
}

function showLines() {
  const { places, months, study_title: title } = study();
  const { label, scale, values } = measure();
  const name = `${label} by month, ${title}`;
  const names = places.filter((place) => followed.has(place.name)).map((place) => place.label);
  document.getElementById("followed").textContent = `${label}: ${names.join(", ") || "no place followed"}`;
  const rows = places.flatMap((place, row) =>
    months.map((month, column) => ({ place: place.label, month: `${month}-01`, value: values[row][column], followed: followed.has(place.name) })),
  );
  const x = { field: "month", type: "temporal", title: null, axis: { format: "%Y", tickCount: "year", grid: false } };
  const y = { field: "value", type: "quantitative", title: label, axis: { format: scale === "share" ? ".0%" : "~s" }, scale: { zero: false } };
  draw("places-chart", {
    title: titled(label, study()),
    description: `${name}: a line for each of ${places.length} places; those that are followed stand out.`,
    height: 320,
    data: { values: rows, format: { parse: { month: "date:'%Y-%m-%d'" } } },
    layer: [
      { transform: [{ filter: "!datum.followed" }], mark: { type: "line", strokeWidth: 0.8, opacity: 0.28, color: "currentColor", aria: false }, encoding: { x, y, detail: { field: "place" } } },
      {
        transform: [{ filter: "datum.followed" }],
        mark: { type: "line", strokeWidth: 2.4 },
        encoding: { x, y, color: { field: "place", type: "nominal", title: null, legend: { orient: "bottom", columns: 3 } }, tooltip: [{ field: "place" }, { field: "month", type: "temporal", format: "%Y-%m" }, { field: "value" }] },
      },
    ],
  });
}

function showTiles() {
  const { places, months } = study();
  const inside = months.map((month) => month.startsWith(years.value));
  const means = measure().values.map((row) => {
    const known = row.filter((value, column) => inside[column] && value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  });
  const known = means.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const shade = (value) => value === null ? "#e3e3e3" : SHADES[Math.min(SHADES.length - 1, Math.floor((SHADES.length * (value - low)) / (high - low || 1)))];
  tiles.classList.toggle("map", places.every(({ row }) => row !== null));
  tiles.replaceChildren(
    ...places.map((place, row) => {
      const button = element("button", { type: "button", "aria-pressed": followed.has(place.name) }, place.label, ...(place.zh ? [element("br"), element("span", { lang: "zh" }, place.zh)] : []), element("b", {}, written(means[row])));
      button.style.background = shade(means[row]);
      if (place.row !== null) button.style.gridArea = `${place.row} / ${place.column}`;
      button.addEventListener("click", () => {
        followed.has(place.name) ? followed.delete(place.name) : followed.add(place.name);
        button.setAttribute("aria-pressed", followed.has(place.name));
        showLines();
      });
      return button;
    }),
  );
}
