"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const data = JSON.parse(one("data").textContent);
  const changes = data.changes.map(([why, start, end, removed, added, score]) => ({
    ...{ why, start, end, removed, added, score },
    rule: why.split(" ")[0],
    step: why.split(":")[0],
  }));
  const texts = one("texts");
  const off = new Set();
  let current = -1;

  const marksOf = (n) => texts.querySelectorAll(`.change[data-c="${n}"]`);
  for (const mark of texts.querySelectorAll(".change")) mark.closest(".row").classList.add("touched");

  const tell = (n) => {
    const c = changes[n];
    const what = [c.removed && `${c.removed.toLocaleString()} characters went`, c.added && `${c.added.toLocaleString()} came`];
    const rule = document.createElement("b");
    rule.textContent = c.why;
    const score = c.score === null ? "" : ` · score ${c.score}`;
    one("detail").replaceChildren(`${n + 1} of ${changes.length} · `, rule, c.rule in data.meanings ? ` ${data.meanings[c.rule]}` : "", ` · ${what.filter(Boolean).join(", ")}${score} · at ${c.start.toLocaleString()}–${c.end.toLocaleString()}`);
  };

  const reveal = (marks) => {
    for (const mark of texts.querySelectorAll(".current")) mark.classList.remove("current");
    for (const mark of marks) mark.classList.add("current");
    const seen = [...marks].find((mark) => mark.getClientRects().length);
    if (seen) seen.scrollIntoView({ block: "center" });
  };

  const go = (n) => {
    current = n;
    reveal(marksOf(n));
    tell(n);
    one("count").textContent = `${n + 1} of ${changes.length}`;
  };

  const walk = (by) => {
    for (let n = current + by, left = changes.length; left > 0; n += by, left -= 1) {
      n = (n + changes.length) % changes.length;
      if (!off.has(changes[n].step)) return go(n);
    }
  };

  one("next").addEventListener("click", () => walk(1));
  one("previous").addEventListener("click", () => walk(current < 0 ? 0 : -1));

  texts.addEventListener("mouseover", (event) => {
    const mark = event.target.closest(".change");
    if (mark) tell(Number(mark.dataset.c));
  });
  texts.addEventListener("click", (event) => {
    const mark = event.target.closest(".change");
    if (mark) go(Number(mark.dataset.c));
  });
  document.addEventListener("click", (event) => {
    const fact = event.target.closest("button[data-f]");
    if (fact) reveal(texts.querySelectorAll(`.fact[data-f="${fact.dataset.f}"]`).length ? texts.querySelectorAll(`.fact[data-f="${fact.dataset.f}"]`) : []);
  });

  for (const box of document.querySelectorAll("[data-toggle]")) {
    box.addEventListener("change", () => {
      const step = box.dataset.toggle;
      box.checked ? off.delete(step) : off.add(step);
      for (const mark of texts.querySelectorAll(".change")) if (mark.dataset.step === step) mark.classList.toggle("off", !box.checked);
    });
  }
  one("narrow").addEventListener("change", (event) => texts.classList.toggle("changed-only", event.target.checked));
  one("unified").addEventListener("change", (event) => texts.classList.toggle("unified", event.target.checked));

  // Search: rows that hold the words, and the words themselves where the browser can paint them.
  let hits = [];
  let hit = -1;
  const paint = (wanted) => {
    if (!("highlights" in CSS)) return;
    const ranges = [];
    for (const row of wanted ? hits.slice(0, 500) : []) {
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const low = node.data.toLowerCase();
        for (let at = low.indexOf(wanted); at >= 0 && at + wanted.length <= node.data.length; at = low.indexOf(wanted, at + wanted.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + wanted.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };
  const flat = (text) => text.toLowerCase().replace(/[↵⍽⬚·→\s]+/g, " ");
  const search = () => {
    const wanted = flat(one("search").value).trim();
    for (const row of hits) row.classList.remove("hit");
    hits = wanted ? [...texts.querySelectorAll(".row:not(.head)")].filter((row) => [...row.children].some((cell) => flat(cell.textContent).includes(wanted))) : [];
    for (const row of hits) row.classList.add("hit");
    hit = -1;
    paint(wanted);
    one("hits").textContent = wanted ? `${hits.length.toLocaleString()} ${hits.length === 1 ? "line" : "lines"}` : "";
    return hits.length;
  };
  const step = (by) => {
    if (!hits.length) return;
    hit = (hit + by + hits.length) % hits.length;
    hits[hit].scrollIntoView({ block: "center" });
    one("hits").textContent = `${hit + 1} of ${hits.length}`;
  };
  one("search").addEventListener("input", search);
  one("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") {
      event.target.value = "";
      search();
      event.target.blur();
    }
  });

  const keys = { n: 1, j: 1, ArrowRight: 1, p: -1, k: -1, ArrowLeft: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=search]")) return;
    if (event.key === "/") {
      event.preventDefault();
      one("search").focus();
    } else if (event.key in keys && changes.length) {
      event.preventDefault();
      walk(current < 0 && keys[event.key] < 0 ? 0 : keys[event.key]);
    }
  });
  const named = /^#change-(\d+)$/.exec(location.hash);
  if (named && changes[named[1] - 1]) go(named[1] - 1);
  if (search()) step(1);
})();
