// The live chart: drawn by Vega, drawn again when the event stream says that it moved.
"use strict";
(() => {
  const holders = [...document.querySelectorAll("[data-figure]")];
  if (!holders.length) return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const options = {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
  };
  const look = () => `${dark.matches ? "dark" : "light"} ${innerWidth}`;

  async function draw(holder) {
    if (holder.dataset.busy) { holder.dataset.again = "yes"; return; }
    holder.dataset.busy = "yes";
    const wanted = look();
    try {
      const width = Math.floor(holder.clientWidth);
      const theme = matchMedia("print").matches ? "print" : dark.matches ? "dark" : "light";
      const join = holder.dataset.figure.includes("?") ? "&" : "?";
      const answer = await fetch(`${holder.dataset.figure}${join}theme=${theme}&width=${width}`);
      if (!answer.ok) throw new Error(answer.status);
      const figure = await answer.json();
      if (!figure.spec) { holder.dataset.drawn = "nothing"; return; }
      const place = document.createElement("div");
      const made = await vegaEmbed(place, figure.spec, options);
      holder.replaceChildren(place);
      if (window.gembaPoints) window.gembaPoints(holder, made.view, figure.points || []);
      holder.setAttribute("aria-label", figure.alt);
      holder.dataset.drawn = wanted;
    } catch (error) {
      missed.add(holder);
    } finally {
      delete holder.dataset.busy;
      if (holder.dataset.again) { delete holder.dataset.again; later(holder); }
    }
  }

  const waiting = new Map();
  const missed = new Set();
  function later(holder) {
    if (waiting.has(holder)) return;
    waiting.set(holder, setTimeout(() => { waiting.delete(holder); draw(holder); }, 300));
  }
  // The pieces beside the chart come in one answer: to make one of them takes as long as to make all.
  const pieces = document.querySelector("[data-follows][data-address]");
  let turn = "";
  let behind = false;
  async function fetchPieces() {
    const answer = await fetch(pieces.dataset.address);
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const piece of fresh.querySelectorAll("[data-piece]")) {
      const place = document.querySelector(`[data-follows="${piece.dataset.piece}"]`);
      if (place) { place.replaceChildren(...piece.childNodes); htmx.process(place); }
    }
  }
  function follow() {
    if (!pieces || turn === "waits") return;
    if (turn) { turn = "again"; return; }
    turn = "waits";
    setTimeout(async () => {
      turn = "asks";
      try { await fetchPieces(); behind = false; } catch (error) { behind = true; }
      const again = turn === "again";
      turn = "";
      if (again) follow();
    }, 300);
  }
  function moved(holder) { later(holder); follow(); }
  let state = "";
  function show(news) {
    if (news === state) return;
    const was = state;
    state = news;
    for (const sign of document.querySelectorAll(".live")) {
      sign.dataset.state = news;
      sign.textContent = sign.dataset[news.replace("-", "")] || news;
    }
    // What happened meanwhile is fetched, whether the stream tells of it or not.
    if (news === "live" && was === "away") holders.forEach(moved);
  }
  function hear(message) {
    show(message.state);
    if (message.state === "signed-out") { location.reload(); return; }
    if (message.state === "live" && missed.size) { missed.forEach(later); missed.clear(); }
    if (message.state === "live" && behind) follow();
    if (message.chart === undefined) return;
    for (const holder of holders) if (Number(holder.dataset.chart) === message.chart) moved(holder);
  }

  const charts = [...new Set(holders.map((holder) => Number(holder.dataset.chart)).filter(Boolean))];
  if (charts.length && "SharedWorker" in window) {
    const worker = new SharedWorker("/static/gemba/live-worker.js");
    worker.port.onmessage = (event) => hear(event.data);
    worker.port.postMessage({ charts });
    addEventListener("pagehide", () => worker.port.postMessage({ leave: true }));
    addEventListener("pageshow", (event) => { if (event.persisted) worker.port.postMessage({ charts }); });
  } else if (charts.length) {
    const listen = () => {
      const source = new EventSource(`/live?charts=${charts.join(",")}`);
      source.onopen = () => hear({ state: "live" });
      source.onerror = () => {
        hear({ state: "away" });
        if (source.readyState === 2) setTimeout(listen, 3000);
      };
      source.addEventListener("chart", (event) => hear({ state: "live", ...JSON.parse(event.data) }));
      source.addEventListener("signed-out", () => { source.close(); hear({ state: "signed-out" }); });
    };
    listen();
  }
  addEventListener("offline", () => show("away"));
  dark.addEventListener("change", () => holders.forEach(later));
  let size = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== size) { size = innerWidth; holders.forEach(later); } });
  // A piece of the page that was fetched again may bring a figure of its own.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    for (const holder of event.detail.target.querySelectorAll("[data-figure]:not([data-drawn])")) {
      holders.push(holder);
      draw(holder);
    }
  });
  holders.forEach(draw);
})();
