// What is typed into a form is kept in this tab until the plant has taken it: a session may end, a network may go.
// Kept for one person only, never a secret, never a file.
"use strict";
(() => {
  const KEY = "gemba-typed";
  const person = document.body.dataset.person || "";
  const read = () => { try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; } };
  const write = (kept) => sessionStorage.setItem(KEY, JSON.stringify(kept));
  const drop = () => sessionStorage.removeItem(KEY);
  const action = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"]
    .includes(field.type) && field.autocomplete !== "off");

  function keep(form, sent) {
    const typed = fields(form).map((field) => [field.name, field.value,
      ["checkbox", "radio"].includes(field.type) ? field.checked : null]);
    const version = form.elements.version ? form.elements.version.value : "";
    write({ person, page: location.pathname, action: action(form), typed, version, sent });
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-kept]");
    if (form) keep(form, false);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form");
    if (form.matches("[data-kept]")) keep(form, true);
    if (form.matches("[data-signs-out]")) drop();
  }, true);

  function refill(form, kept) {
    const left = [...kept.typed];
    for (const field of fields(form)) {
      const place = left.findIndex(([name, value, ticked]) => name === field.name && (ticked === null || value === field.value));
      if (place < 0) continue;
      const [, value, ticked] = left.splice(place, 1)[0];
      if (ticked === null) field.value = value; else field.checked = ticked;
    }
    // The version that was read goes with what was typed, so that a change of somebody else meanwhile is seen.
    if (kept.version && form.elements.version) form.elements.version.value = kept.version;
    const note = document.createElement("div");
    note.className = "note";
    note.setAttribute("role", "status");
    note.textContent = document.body.dataset.refilled;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "small";
    again.textContent = document.body.dataset.afresh;
    again.addEventListener("click", () => { drop(); location.reload(); });
    const line = document.createElement("p");
    line.append(again);
    note.append(line);
    form.prepend(note);
  }
  function settle(inside) {
    const kept = read();
    if (!kept || !person) return;
    // A form that follows a step was opened because the step before it was taken.
    const follows = inside === document && new URLSearchParams(location.search).has("follows");
    if (kept.person !== person || (follows && kept.sent)) { drop(); return; }
    const form = [...inside.querySelectorAll("form[data-kept]")].find((one) => action(one) === kept.action);
    const answered = inside.querySelector(".note.bad[role=alert], .note.warn[role=alert]");
    if (form) {
      if (!answered) refill(form, kept);
      write({ ...kept, sent: false });
    } else if (inside === document && kept.page === location.pathname) {
      const opener = [...document.querySelectorAll("[hx-get]")].find((one) => one.getAttribute("hx-get") === kept.action);
      if (kept.sent && document.querySelector(".note.good[role=status]")) drop();
      else if (opener) window.addEventListener("load", () => setTimeout(() => opener.click()));
      else if (kept.sent) drop();
    } else if (inside === document && kept.sent) drop();
  }
  settle(document);
  document.body.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "dialog-inside") settle(event.detail.target); });
  document.addEventListener("click", (event) => { if (event.target.closest("form[data-kept] [data-close], form[data-kept] a.button")) drop(); });
})();
