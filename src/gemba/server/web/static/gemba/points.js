// The points of a drawn chart: a click opens the nearest one, arrow keys and buttons go from one to the next.
"use strict";
(() => {
  const NEAR = 28;
  const open = (plot, name) => htmx.ajax("GET", plot.dataset.points + name, { target: "#dialog-inside" });

  // Where each mark of the first panel stands in the drawing, by the number of its point.
  function placesOf(view) {
    const found = new Map();
    const walk = (item, x, y) => {
      const datum = item.datum || {};
      if (!item.items && Number.isInteger(datum.x) && Number.isFinite(datum.y)) {
        const known = found.get(datum.x);
        const place = { x: x + item.x, y: y + item.y, label: datum.label, value: datum.value };
        if (!known || (known.value === undefined && place.value !== undefined && Math.abs(known.y - place.y) < 2)) {
          if (!known || known.panel === panel) found.set(datum.x, { ...place, panel });
        }
      }
      for (const child of item.items || []) {
        walk(child, x + (item.marktype ? 0 : item.x || 0), y + (item.marktype ? 0 : item.y || 0));
      }
    };
    let panel = 0;
    const root = view.scenegraph().root;
    for (const frame of root.items) {
      for (const mark of frame.items) {
        if (mark.marktype !== "group" || !/^concat_/.test(mark.name || "")) continue;
        panel += 1;
        for (const group of mark.items) for (const child of group.items) walk(child, group.x, group.y);
      }
    }
    const [left, top] = view.origin(), around = view.padding();
    for (const place of found.values()) { place.x += left + around.left; place.y += top + around.top; }
    return found;
  }

  window.gembaPoints = (holder, view, names) => {
    const plot = holder.closest(".plot");
    if (!plot || !names.length) return;
    const places = placesOf(view);
    const bar = plot.parentElement.querySelector(".cursor");
    const told = bar.querySelector("output"), opener = bar.querySelector("[data-open]");
    const ring = document.createElement("div");
    ring.className = "ring";
    ring.hidden = true;
    holder.append(ring);
    bar.hidden = false;
    const svg = holder.querySelector("svg");
    const scale = () => svg.getBoundingClientRect().width / Number(svg.getAttribute("width"));
    let at = names.indexOf(plot.dataset.at || "") + 1;

    function stand(number) {
      at = Math.min(Math.max(number, 1), names.length);
      plot.dataset.at = names[at - 1];
      opener.disabled = false;
      const place = places.get(at);
      const words = { place: at, count: names.length, label: (place && place.label) || "", value: (place && place.value) || "" };
      told.textContent = told.dataset.told.replace(/\{(\w+)\}/g, (_, word) => words[word]).replace(/[:,\s]+$/, "");
      ring.hidden = !place;
      if (!place) return;
      const frame = svg.getBoundingClientRect(), within = holder.getBoundingClientRect(), by = scale();
      ring.style.left = `${frame.left - within.left + place.x * by}px`;
      ring.style.top = `${frame.top - within.top + place.y * by}px`;
    }
    const step = (by) => stand(at ? at + by : by < 0 ? names.length : 1);
    const look = () => { if (at) open(plot, names[at - 1]); };

    svg.onclick = (event) => {
      const frame = svg.getBoundingClientRect(), by = scale();
      const x = (event.clientX - frame.left) / by, y = (event.clientY - frame.top) / by;
      let best = 0, least = NEAR;
      for (const [number, place] of places) {
        const away = Math.hypot(place.x - x, place.y - y);
        if (away < least) { best = number; least = away; }
      }
      if (!best || best > names.length) return;
      stand(best);
      look();
    };
    plot.onkeydown = (event) => {
      if (event.target !== plot || event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
      if (by) step(by);
      else if (event.key === "Home") stand(1);
      else if (event.key === "End") stand(names.length);
      else if (event.key === "Enter") look();
      else return;
      event.preventDefault();
    };
    for (const button of bar.querySelectorAll("[data-step]")) button.onclick = () => step(Number(button.dataset.step));
    opener.onclick = look;
    if (at) stand(at);
  };

  // A click anywhere on a row of the table opens its point, as its link does.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-point]");
    if (row && !event.target.closest("a, button") && !String(getSelection())) row.querySelector("a").click();
  });
})();
