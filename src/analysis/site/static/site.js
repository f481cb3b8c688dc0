// What every page does: the menu of small screens, unfolding, the gallery's search, the graph.
"use strict";

document.documentElement.classList.add("js");

const menu = document.querySelector(".menu");
const navigation = document.getElementById("navigation");
menu.hidden = false;
menu.addEventListener("click", () => {
  const open = navigation.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
  // It stands at the head of the page, out of sight of those who have read on.
  if (open) scrollTo(0, 0);
});

for (const button of document.querySelectorAll("[data-unfold]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? "Hide all code" : "Show all code";
    for (const folded of document.querySelectorAll(button.dataset.unfold)) folded.open = open;
  });
}

// On paper, what is folded but is no code would be lost.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("main details:not(.code)")) {
    if (!folded.open) folded.dataset.folded = "";
    folded.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const folded of document.querySelectorAll("details[data-folded]")) {
    folded.open = false;
    delete folded.dataset.folded;
  }
});

// A reader who follows a link to a cell or an exhibit goes on from there with the keyboard.
function goToTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) clearFilter();
  target.scrollIntoView();
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
addEventListener("hashchange", goToTarget);

const filter = document.querySelector("[data-filter]");
let clearFilter = () => {};
if (filter) setUpFilter();
if (location.hash) goToTarget();

function setUpFilter() {
  const exhibits = [...document.querySelectorAll(".exhibit")].map((exhibit) => ({
    exhibit,
    kind: exhibit.closest("[data-kind]").dataset.kind,
    study: exhibit.closest("[data-study]").dataset.study,
    // A number's notebook stands above its table.
    words: `${exhibit.textContent} ${exhibit.closest("[data-group]").querySelector("h3")?.textContent ?? ""}`.toLowerCase(),
  }));
  const groups = [...document.querySelectorAll("[data-group]")].reverse();
  const status = filter.querySelector("[role=status]");
  const write = new Intl.NumberFormat("en");

  function apply() {
    const words = filter.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = filter.elements.kind.value;
    const study = filter.elements.study.value;
    let shown = 0;
    for (const each of exhibits) {
      const fits =
        (!kind || each.kind === kind) &&
        (!study || each.study === study) &&
        words.every((word) => each.words.includes(word));
      each.exhibit.hidden = !fits;
      shown += fits;
    }
    for (const group of groups) group.hidden = !group.querySelector(".exhibit:not([hidden])");
    const all = exhibits.length;
    status.textContent =
      shown === all
        ? `${write.format(all)} exhibits`
        : `${write.format(shown)} of ${write.format(all)} exhibits`;
  }

  clearFilter = () => {
    filter.reset();
    apply();
  };
  const asked = new URLSearchParams(location.search);
  for (const name of ["words", "kind", "study"]) {
    if (asked.has(name)) filter.elements[name].value = asked.get(name);
  }
  filter.hidden = false;
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

// In the graph, the lines of the step under the pointer or the focus stand out.
for (const step of document.querySelectorAll("[data-step]")) {
  const name = CSS.escape(step.dataset.step);
  const lines = document.querySelectorAll(`[data-from="${name}"], [data-to="${name}"]`);
  const mark = (on) => () => lines.forEach((line) => line.classList.toggle("near", on));
  step.addEventListener("pointerenter", mark(true));
  step.addEventListener("pointerleave", mark(false));
  step.addEventListener("focus", mark(true));
  step.addEventListener("blur", mark(false));
}
