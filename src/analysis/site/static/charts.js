// What the pages of charts share: reading their data, drawing, and building lists.
"use strict";

const given = JSON.parse(document.getElementById("data").textContent);

// Colours that can be told apart by all readers, on white and on black.
const COLOURS = ["#3b83b0", "#1f9e78", "#bb6d9b", "#b98a00", "#7f7fd0", "#8a8a8a", "#4da3a3", "#c2514f", "#8f9e3a", "#a07855"];
const TRUTH = "#d5702e";

function draw(id, spec) {
  const config = {
    background: null,
    font: "system-ui, sans-serif",
    view: { stroke: null },
    // The text takes the page's colour, in light and dark and on paper.
    axis: {
      labelColor: "currentColor", titleColor: "currentColor", domainColor: "currentColor",
      tickColor: "currentColor", gridColor: "currentColor", gridOpacity: 0.12,
      labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, labelLimit: 220,
    },
    legend: { labelColor: "currentColor", titleColor: "currentColor", labelFontSize: 12, labelLimit: 260, symbolLimit: 60 },
    title: { color: "currentColor", subtitleColor: "currentColor", fontSize: 13, subtitleFontSize: 12, anchor: "start" },
    range: { category: COLOURS },
  };
  const place = document.getElementById(id);
  return vegaEmbed(place, { width: "container", autosize: { type: "fit-x", contains: "padding" }, ...spec, config }, {
    renderer: "svg",
    actions: false,
    tooltip: true,
  });
}

// The title of a chart, which says of what study it is and, where they are, that data are simulated.
function titled(text, study) {
  return { text, subtitle: study.simulated ? `${study.study_title} · ${given.mark}` : study.study_title };
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function option(value, text) {
  return element("option", { value }, text);
}
