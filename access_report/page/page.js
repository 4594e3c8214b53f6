"use strict";
(() => {
  const map = document.getElementById("map");
  if (!map) return;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const search = document.getElementById("search"), told = document.getElementById("told");
  const svg = map.querySelector("svg"), places = all(".boxes", map)[1];
  const boxes = all(".box", map), rows = all("tr[data-text]"), chips = all(".chip input");
  const boxOf = new Map(boxes.map((box) => [box.id, box]));
  const hint = told.textContent.trim();
  const MOST_TOLD = 4, REACH = 150;
  const arrivals = new Map();
  let kept = null;

  const wires = all(".wire", map).map((row) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.classList.add(row.dataset.change);
    svg.append(path);
    return { row, path, who: boxOf.get(row.dataset.who), where: boxOf.get(row.dataset.where), shown: true, nth: 0 };
  });

  // Wires arrive side by side, in the order in which they set out.
  const count = () => {
    for (const box of boxes) arrivals.set(box, []);
    for (const wire of wires) if (wire.shown) arrivals.get(wire.where).push(wire);
    for (const found of arrivals.values()) found.forEach((wire, n) => { wire.nth = (n + 1) / (found.length + 1); });
  };

  // A place stands about as high as those who reach it; few places go along while the page is scrolled.
  const settle = () => {
    const shown = all(".box:not(.gone)", places);
    shown.forEach((box) => { box.style.marginTop = ""; });
    const left = map.querySelector(".boxes").offsetHeight, natural = places.offsetHeight;
    const few = left > innerHeight && natural < innerHeight * 0.7;
    places.classList.toggle("few", few);
    if (few || natural >= left) return;
    const top = places.getBoundingClientRect().top;
    const gap = parseFloat(getComputedStyle(places).rowGap);
    let below = 0, room = left - natural;
    // All is measured before anything is moved: a measurement after a move lays the whole page out again.
    const moves = shown.map((box) => {
      const ends = arrivals.get(box).map((wire) => middle(wire.row) - top);
      const wanted = ends.reduce((sum, end) => sum + end, 0) / ends.length - box.offsetHeight / 2;
      const down = Math.max(0, Math.min(room, wanted - below));
      room -= down;
      below += down + box.offsetHeight + gap;
      return [box, down];
    });
    for (const [box, down] of moves) box.style.marginTop = `${down}px`;
  };

  const middle = (element) => {
    const { top, height } = element.getBoundingClientRect();
    return top + height / 2;
  };

  const draw = () => {
    const from = svg.getBoundingClientRect(), few = places.classList.contains("few");
    const ways = wires.map(({ row, who, where, shown, nth }) => {
      const height = shown ? middle(row) : 0;
      // Where the places go along, a wire from far away would only be one more in a thick bundle.
      if (!shown || (few && (height < -REACH || height > innerHeight + REACH))) return "";
      const a = who.getBoundingClientRect(), b = where.getBoundingClientRect();
      const x1 = a.right - from.left, x2 = b.left - from.left;
      const y1 = height - from.top, y2 = b.top - from.top + b.height * (few ? 0.5 : nth);
      const bend = (x2 - x1) / 2;
      return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    });
    wires.forEach(({ path }, n) => {
      path.classList.toggle("gone", !ways[n]);
      path.setAttribute("d", ways[n]);
    });
  };

  const say = (first, sentences) => {
    const more = sentences.length - MOST_TOLD;
    const lines = [first, ...sentences.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])];
    told.classList.toggle("some", sentences.length > 0);
    told.replaceChildren(...lines.map((line) => {
      const p = document.createElement("p");
      p.textContent = line;
      return p;
    }));
  };

  const light = (near, box) => {
    const ends = new Set(near && [box, ...near.flatMap((wire) => [wire.who, wire.where])]);
    for (const wire of wires) {
      const is = near !== null && near.includes(wire);
      wire.path.classList.toggle("near", is);
      wire.path.classList.toggle("far", near !== null && !is);
      wire.row.classList.toggle("far", near !== null && !is);
    }
    for (const one of boxes) {
      one.classList.toggle("near", ends.has(one));
      one.classList.toggle("far", near !== null && !ends.has(one));
    }
  };

  const show = (box) => {
    if (!box) { light(null, null); say(hint, []); return; }
    const near = wires.filter((wire) => wire.shown && (wire.who === box || wire.where === box));
    light(near, box);
    const of = box.querySelector(".node").textContent.replace(/\s+/g, " ").trim();
    say(`${of}: ${near.length} ${near.length === 1 ? "grant" : "grants"}${box === kept ? ", kept; Escape lets go" : ""}`,
      near.map((wire) => wire.row.dataset.told));
  };

  const keep = (box) => {
    kept = kept === box ? null : box;
    for (const one of boxes) {
      one.classList.toggle("chosen", one === kept);
      one.querySelector(".node").setAttribute("aria-pressed", String(one === kept));
    }
    show(kept);
  };

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(chips.filter((chip) => chip.checked).map((chip) => chip.value));
    const has = (element) => words.every((word) => element.dataset.text.includes(word));
    for (const wire of wires) {
      wire.shown = wanted.has(wire.row.dataset.change) && has(wire.row);
      wire.row.classList.toggle("gone", !wire.shown);
    }
    const ends = new Set(wires.filter((wire) => wire.shown).flatMap((wire) => [wire.who, wire.where]));
    for (const box of boxes) box.classList.toggle("gone", !ends.has(box));
    for (const column of all(".column", map)) column.classList.toggle("gone", ends.size === 0);
    document.getElementById("nobody").hidden = ends.size > 0;
    for (const row of rows) row.classList.toggle("gone", !has(row));
    for (const table of all(".table")) table.classList.toggle("gone", !table.querySelector("tr[data-text]:not(.gone)"));
    if (kept && !ends.has(kept)) keep(kept);
    show(kept);
    count();
    settle();
    draw();
  };

  for (const box of boxes) {
    const node = box.querySelector(".node");
    box.addEventListener("mouseenter", () => show(box));
    box.addEventListener("mouseleave", () => show(kept));
    node.addEventListener("focus", () => show(box));
    node.addEventListener("blur", () => show(kept));
    node.addEventListener("click", () => keep(box));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (kept) keep(kept);
    else if (search.value) { search.value = ""; filter(); }
  });
  search.addEventListener("input", filter);
  for (const chip of chips) chip.addEventListener("change", filter);
  addEventListener("scroll", () => { if (places.classList.contains("few")) requestAnimationFrame(draw); }, { passive: true });
  count();
  new ResizeObserver(() => { settle(); draw(); }).observe(map);
})();
