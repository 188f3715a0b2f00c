// The command palette: Ctrl-K opens it, words find pages and records, arrows choose, Enter goes there.
"use strict";
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const input = document.getElementById("palette-words");
  const list = document.getElementById("palette-list");
  const told = document.getElementById("palette-told");
  let found = [], chosen = 0, asked = 0, waiting = 0;

  function choose(place) {
    if (!found.length) { input.removeAttribute("aria-activedescendant"); return; }
    chosen = (place + found.length) % found.length;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === chosen)));
    input.setAttribute("aria-activedescendant", `palette-${chosen}`);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  }
  function draw(item, number) {
    const line = document.createElement("li");
    line.id = `palette-${number}`;
    line.setAttribute("role", "option");
    const parts = [["span", "name", [item.number, item.label].filter(Boolean).join(" ")], ["span", "kind", item.kind]];
    for (const [tag, name, text] of parts) {
      const part = document.createElement(tag);
      part.className = name;
      part.textContent = text;
      line.append(part);
    }
    return line;
  }
  async function look() {
    clearTimeout(waiting);
    waiting = 0;
    const mine = ++asked;
    let entries;
    try {
      const answer = await fetch(`${palette.dataset.find}?q=${encodeURIComponent(input.value.trim())}`);
      if (!answer.ok) throw new Error(answer.status);
      entries = (await answer.json()).found;
    } catch {
      if (mine === asked) told.textContent = palette.dataset.away;
      return;
    }
    if (mine !== asked) return;
    found = entries;
    list.replaceChildren(...found.map(draw));
    told.textContent = found.length ? `${found.length} ${palette.dataset.found}` : palette.dataset.none;
    choose(0);
  }
  function go(place) {
    if (found[place]) location.href = found[place].address;
    else if (input.value.trim()) location.href = `${palette.dataset.search}?q=${encodeURIComponent(input.value.trim())}`;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) { palette.close(); return; }
    if (document.querySelector("dialog[open]")) return;
    input.value = "";
    palette.showModal();
    input.focus();
    look();
  });
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + 8, PageUp: chosen - 8 };
    if (event.key === "Escape") { event.preventDefault(); palette.close(); return; } // else the browser empties the field first
    if (event.key in steps) { event.preventDefault(); choose(steps[event.key]); }
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (waiting) look().then(() => go(chosen)); else go(chosen);
  });
  list.addEventListener("click", (event) => {
    const line = event.target.closest("li");
    if (line) go([...list.children].indexOf(line));
  });
})();
