// Find or do: one field over all that the page can do and all the places to which it leads.
// It lists what is on the page already, so that nothing is reachable by it alone.
(() => {
  "use strict";
  const say = document.currentScript.dataset;
  const box = document.getElementById("palette"), button = document.getElementById("find");
  if (!box) return;
  const input = box.querySelector("input"), list = box.querySelector("ul");
  let from = null, shown = [], at = 0;

  const words = (e) => (e.getAttribute("aria-label") || e.textContent).replace(/\s+/g, " ").trim();
  const letterOf = (e) => (e.dataset.go ? "g " + e.dataset.go.slice(3).toLowerCase() : e.dataset.key ? e.dataset.key.slice(3).toLowerCase() : "");
  const clean = (e) => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("kbd, svg").forEach((k) => k.remove());
    return words(copy);
  };
  // all is what there is to do here, then where to go, then the lines of the page.
  const all = () => {
    const main = document.querySelector("main");
    const does = [...main.querySelectorAll("button:not([tabindex='-1']), summary")].filter((e) => !e.closest("[data-line], .block, .pic, .danger") && e.getClientRects().length && words(e)); // what is folded is reached by its fold
    const goes = [...document.querySelectorAll(".bar [data-go], .bar nav a, .bar .menu a, .bar .menu button")];
    const lines = [...main.querySelectorAll("[data-line] a[href]:first-of-type")];
    const known = new Set();
    return [[say.sayDo, does], [say.sayGo, goes], [say.sayHere, lines]].flatMap(([group, items]) => items.map((e) => ({ group, e, words: clean(e), key: letterOf(e) })))
      .filter((x) => { const k = x.group + x.words; return !known.has(k) && known.add(k); });
  };

  const mark = () => {
    [...list.querySelectorAll("[role=option]")].forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
    const now = list.querySelectorAll("[role=option]")[at];
    if (now) { input.setAttribute("aria-activedescendant", now.id); now.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  };
  const draw = () => {
    const asked = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = all().filter((x) => asked.every((w) => (x.group + " " + x.words).toLowerCase().includes(w))).slice(0, 60);
    at = 0;
    let group = "";
    list.replaceChildren(...shown.flatMap((x, i) => {
      const o = document.createElement("li");
      o.id = "palette-" + i;
      o.setAttribute("role", "option");
      o.textContent = x.words;
      for (const k of x.key.split(" ").filter(Boolean)) { const kbd = document.createElement("kbd"); kbd.textContent = k; o.append(" ", kbd); }
      o.addEventListener("click", () => choose(i));
      if (x.group === group) return [o];
      const head = document.createElement("li");
      head.setAttribute("role", "presentation");
      head.textContent = group = x.group;
      return [head, o];
    }));
    mark();
  };
  const choose = (i) => {
    const x = shown[i];
    if (!x) return;
    box.close();
    const fold = x.e.closest("details");
    if (fold && !x.e.closest(".menu")) fold.open = true;
    if (x.e.tagName === "SUMMARY") return (fold.querySelector("input:not([type=hidden]), select, textarea") || x.e).focus();
    x.e.click();
  };
  const open = () => {
    from = document.activeElement;
    input.value = "";
    box.showModal();
    draw();
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); at = Math.min(shown.length - 1, Math.max(0, at + (e.key === "ArrowDown" ? 1 : -1))); mark(); }
    if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); choose(at); }
  });
  box.addEventListener("close", () => { if (from && document.activeElement === document.body) from.focus(); });
  box.addEventListener("click", (e) => { if (e.target === box) box.close(); });
  document.addEventListener("keydown", (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey || e.code !== "KeyK" || document.querySelector("dialog[open]")) return;
    e.preventDefault();
    open();
  });
  button.hidden = false;
  button.addEventListener("click", open);
})();
