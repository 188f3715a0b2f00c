// Small manners of every page: keys to go, a dialog for moves, the menu of small screens, files that are dropped.
"use strict";
(() => {
  const dialog = document.getElementById("dialog");
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (dialog && event.detail.target.id === "dialog-inside") {
      if (!dialog.open) dialog.showModal();
      const first = dialog.querySelector("input:not([type=hidden]), textarea, select, button.main");
      if (first) first.focus();
    }
  });
  // A refusal comes with every reason: it is shown where the form was.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 412, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // No answer at all: what was typed stays where it is, and the page says why nothing happens.
  document.body.addEventListener("htmx:sendError", (event) => {
    const form = event.detail.elt.closest("form");
    if (!form || form.querySelector(".unsent")) return;
    const note = document.createElement("p");
    note.className = "note bad unsent";
    note.setAttribute("role", "alert");
    note.textContent = document.body.dataset.unsent;
    form.prepend(note);
  });
  document.addEventListener("click", (event) => {
    const closing = event.target.closest("[data-close]");
    if (closing && dialog && dialog.open) { event.preventDefault(); dialog.close(); }
    const copying = event.target.closest("[data-copy]");
    if (copying) {
      navigator.clipboard.writeText(document.getElementById(copying.dataset.copy).textContent.trim())
        .then(() => { copying.textContent = copying.dataset.done; });
    }
    const taking = event.target.closest("[data-take]");
    if (taking) {
      const input = document.getElementById(taking.dataset.take);
      input.value = taking.dataset.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    }
    const opener = event.target.closest(".opens-menu");
    const menu = document.getElementById("menu");
    if (opener) showMenu(opener.getAttribute("aria-expanded") !== "true");
    else if (menu && menu.classList.contains("shown") && !event.target.closest("#menu")) showMenu(false);
  });
  function showMenu(open) {
    const menu = document.getElementById("menu");
    menu.classList.toggle("shown", open);
    document.querySelector(".opens-menu").setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("a").focus();
  }
  // What a first line no longer takes of the whole is put into the next one.
  document.addEventListener("change", (event) => {
    const amounts = [...(event.target.form?.elements ?? [])].filter((it) => /^(then-)?lines-\d+-quantity$/.test(it.name));
    const next = amounts[amounts.indexOf(event.target) + 1];
    const sum = (values) => values.reduce((whole, text) => whole + (Number(text) || 0), 0);
    const rest = sum(amounts.map((it) => it.defaultValue)) - sum(amounts.map((it) => it.value));
    if (amounts.includes(event.target) && next && !next.value && rest > 0) next.value = String(+rest.toFixed(6));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (!form || event.target.closest("[data-waits]")) return;
    const part = event.target.closest("section[id]");
    if (part && form.method === "post") form.action = `${form.action.split("#")[0]}#${part.id}`;
    form.requestSubmit();
  });
  for (const place of document.querySelectorAll("[data-drop]")) {
    const input = document.getElementById(place.dataset.drop);
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; input.form.requestSubmit(); }
    });
  }

  const places = {};
  for (const link of document.querySelectorAll("[data-key]")) places[link.dataset.key] = link.href;
  const keysOn = () => document.documentElement.dataset.keys !== "off";
  let going = 0;
  document.addEventListener("keydown", (event) => {
    const menu = document.getElementById("menu");
    if (event.key === "Escape" && menu && menu.classList.contains("shown")) {
      showMenu(false);
      document.querySelector(".opens-menu").focus();
    }
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (going && Date.now() - going < 1500 && places[event.key]) { location.href = places[event.key]; return; }
    going = event.key === "g" ? Date.now() : 0;
    const find = document.getElementById("find");
    if (event.key === "/" && find) { event.preventDefault(); find.focus(); }
    const fresh = document.querySelector("[data-new]");
    if (event.key === "n" && fresh) fresh.click();
    const keys = document.getElementById("keys");
    if (event.key === "?" && keys && !keys.open) keys.showModal();
  });
  // Filters stand open where there is room, and behind their button where hands hold the screen.
  const narrow = matchMedia("(max-width: 600px)");
  const fold = () => document.querySelectorAll("details.folds").forEach((it) => { it.open = !narrow.matches; });
  narrow.addEventListener("change", fold);
  fold();
})();
