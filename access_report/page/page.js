"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const search = document.getElementById("search");
  const told = document.getElementById("told");
  if (!search) return;
  const first = told.textContent;
  const nodes = all(".node"), lines = all(".line"), rows = all("tr[data-text]"), boxes = all(".chip input");
  let kept = null;

  const linesOf = (id) => lines.filter((l) => !l.classList.contains("gone") && (l.dataset.who === id || l.dataset.where === id));

  const show = (node) => {
    const near = node ? linesOf(node.id) : [];
    const ends = new Set(near.flatMap((l) => [l.dataset.who, l.dataset.where]));
    lines.forEach((l) => l.classList.toggle("far", node !== null && !near.includes(l)));
    nodes.forEach((n) => n.classList.toggle("far", node !== null && n !== node && !ends.has(n.id)));
    told.textContent = node
      ? `${node.querySelector("title").textContent}: ` + (near.map((l) => l.querySelector("title").textContent).join("; ") || "nothing shown")
      : first;
  };

  const keep = (node) => {
    kept = kept === node ? null : node;
    nodes.forEach((n) => {
      n.classList.toggle("chosen", n === kept);
      n.setAttribute("aria-pressed", String(n === kept));
    });
    show(kept);
  };

  nodes.forEach((node) => {
    node.addEventListener("mouseenter", () => show(node));
    node.addEventListener("mouseleave", () => show(kept));
    node.addEventListener("focus", () => show(node));
    node.addEventListener("blur", () => show(kept));
    node.addEventListener("click", () => keep(node));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); keep(node); }
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && kept) keep(kept);
  });

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set(boxes.filter((b) => b.checked).map((b) => b.value));
    const has = (element) => words.every((word) => element.dataset.text.includes(word));
    lines.forEach((l) => l.classList.toggle("gone", !(shown.has(l.dataset.change) && has(l))));
    const ends = new Set(lines.filter((l) => !l.classList.contains("gone")).flatMap((l) => [l.dataset.who, l.dataset.where]));
    nodes.forEach((n) => n.classList.toggle("gone", !ends.has(n.id)));
    rows.forEach((r) => r.classList.toggle("gone", !has(r)));
    show(kept);
  };
  search.addEventListener("input", filter);
  boxes.forEach((b) => b.addEventListener("change", filter));
})();
