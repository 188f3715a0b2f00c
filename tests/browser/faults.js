// What is wrong with how this page is laid out: a list of sentences, empty when nothing is.
() => {
  const faults = [];
  const name = (element) => {
    const words = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 48);
    const classes = typeof element.className === "string" ? element.className : element.className.baseVal || "";
    return `<${element.tagName.toLowerCase()}${classes ? ` class="${classes}"` : ""}> “${words}”`;
  };
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) faults.push(`the page scrolls ${over} px sideways`);

  // Cut: what an element holds is wider or higher than the element, and one cannot scroll to it.
  const clipped = (element) => {
    for (let up = element; up; up = up.parentElement) if (getComputedStyle(up).clipPath === "inset(50%)") return true;
    return false;
  };
  const hidden = (element) => clipped(element) || element.closest(".hidden-words, .skip, [hidden], dialog:not([open])")
    || !element.checkVisibility({ visibilityProperty: true });
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg") || hidden(element) || !element.clientWidth) continue;
    const style = getComputedStyle(element);
    // Shortened with three dots on purpose, the whole text in its title.
    if (element.title && (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none")) continue;
    const scrolls = /auto|scroll/.test(style.overflowX);
    const wide = element.scrollWidth - element.clientWidth;
    if (wide > 1 && scrolls && !element.matches("pre, textarea, [tabindex='0']"))
      faults.push(`${name(element)} scrolls ${wide} px sideways`);
    if (wide > 1 && !scrolls && style.display !== "inline" && !element.matches("select"))
      faults.push(`${name(element)} is ${wide} px wider than its box`);
    const high = element.scrollHeight - element.clientHeight;
    if (high > 1 && /hidden|clip/.test(style.overflowY)) faults.push(`${name(element)} is cut by ${high} px below`);
  }

  // Overlap: the boxes of two texts share more than a hair. Text that a scrolling box hides counts as far as it shows.
  const shown = (box, element) => {
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflow === "visible") continue;
      const frame = up.getBoundingClientRect();
      left = Math.max(left, frame.left); right = Math.min(right, frame.right);
      top = Math.max(top, frame.top); bottom = Math.min(bottom, frame.bottom);
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  };
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("script, style, option, textarea, noscript, svg") || hidden(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      // A line is higher than its letters: only the letters must not touch.
      const air = Math.max(0, (rect.height - parseFloat(getComputedStyle(holder).fontSize)) / 2);
      const letters = { left: rect.left, right: rect.right, top: rect.top + air, bottom: rect.bottom - air };
      const box = shown(letters, holder);
      if (box) boxes.push({ ...box, node, words: node.data.trim().slice(0, 40) });
    }
  }
  for (const mark of document.querySelectorAll("svg text")) {
    if (!mark.textContent.trim() || hidden(mark.closest("svg")) || getComputedStyle(mark).opacity === "0") continue;
    const rect = mark.getBoundingClientRect();
    const air = rect.height > rect.width ? 0 : rect.height * 0.14;
    const letters = { left: rect.left, right: rect.right, top: rect.top + air, bottom: rect.bottom - air };
    const box = shown(letters, mark.closest("svg").parentElement);
    if (box) boxes.push({ ...box, node: mark, words: mark.textContent.slice(0, 40) });
  }
  boxes.sort((a, b) => a.top - b.top);
  for (let one = 0; one < boxes.length; one += 1) {
    for (let two = one + 1; two < boxes.length && boxes[two].top < boxes[one].bottom - 2; two += 1) {
      const [a, b] = [boxes[one], boxes[two]];
      if (a.node === b.node || a.words === b.words && Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 2) faults.push(`“${a.words}” and “${b.words}” overlap`);
    }
  }
  for (const box of boxes) {
    if (box.left < -1 || box.right > innerWidth + 1) faults.push(`“${box.words}” runs over the edge`);
  }
  return [...new Set(faults)].slice(0, 12);
}
