// Small manners of every page: keys to go, a dialog for moves, figures that follow the colour scheme.
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
  document.addEventListener("click", (event) => {
    const closing = event.target.closest("[data-close]");
    if (closing && dialog && dialog.open) { event.preventDefault(); dialog.close(); }
    const copying = event.target.closest("[data-copy]");
    if (copying) {
      navigator.clipboard.writeText(document.getElementById(copying.dataset.copy).textContent.trim())
        .then(() => { copying.textContent = copying.dataset.done; });
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("form[data-at-once]")) event.target.form.requestSubmit();
  });

  const places = {};
  for (const link of document.querySelectorAll("[data-key]")) places[link.dataset.key] = link.href;
  const keysOn = () => document.documentElement.dataset.keys !== "off";
  let going = 0;
  document.addEventListener("keydown", (event) => {
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
})();
