// Keys: j and k go from line to line, a letter presses the button that names it in the line
// that has the focus or on the page, and g with a letter goes somewhere. Letters are places on
// the keyboard, so that they work with a Hebrew layout, and never act in a field. The sheet
// of keys can turn single letters off: then each is Alt with the letter (WCAG 2.2, 2.1.4).
(() => {
  "use strict";
  const say = document.currentScript.dataset; // the words, in the language of the page
  const field = (e) => /^(TEXTAREA|SELECT)$/.test(e.tagName) || e.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(e.type) || e.isContentEditable;
  const seen = (e) => e.getClientRects().length > 0;
  const sheet = document.getElementById("sheet");
  const letters = document.getElementById("letters");
  const off = () => { try { return localStorage.getItem("letters") === "off"; } catch { return false; } };
  let going = 0; // until when a letter after g counts

  // Lines are what j and k go through: those of a region, for there may be several.
  const lines = (region) => [...(region || document).querySelectorAll("[data-line]")].filter(seen);
  const regions = () => [...document.querySelectorAll(".region")].filter((r) => lines(r).length > 0);
  const lineOf = () => document.activeElement.closest("[data-line]");
  const to = (line) => {
    if (!line) return;
    const link = line.querySelector("a[href]");
    if (!link) line.tabIndex = -1;
    (link || line).focus();
    line.scrollIntoView({ block: "nearest" });
  };
  const main = () => document.querySelector("main h1")?.closest(".region") || regions()[0];
  const step = (by) => {
    const line = lineOf();
    const all = lines(line ? line.closest(".region") || document : main());
    to(all[line ? Math.min(all.length - 1, Math.max(0, all.indexOf(line) + by)) : 0]);
    return all.length > 0;
  };
  const across = (by) => {
    const all = regions();
    if (all.length < 2) return false;
    const at = all.indexOf(lineOf()?.closest(".region") || main());
    const next = all[Math.min(all.length - 1, Math.max(0, at + (document.dir === "rtl" ? -by : by)))];
    to(lines(next)[0]);
    return true;
  };

  // press does what a letter names: in the line, in the work, or in the bar.
  const press = (root, code) => {
    const e = root && [...root.querySelectorAll(`[data-key="${code}"]`)].find((b) => root.matches("[data-line]") || !b.closest("[data-line]"));
    if (!e) return false;
    if (e.tagName === "SUMMARY" && !e.parentElement.open || e.tagName !== "SUMMARY") e.click();
    if (e.tagName === "SUMMARY") (e.parentElement.querySelector("input:not([type=hidden]), select, textarea") || e).focus();
    return true;
  };

  // act sends what a line asks for by the page's one small form.
  const act = (line, verb) => {
    const form = document.getElementById("row-act");
    form.action = new URL(line.querySelector("a[href]").href).pathname + verb;
    form.requestSubmit();
  };
  const ways = { KeyS: "when", KeyC: "correct", KeyP: "publish", KeyV: "give", KeyA: "add", KeyE: "edit" };
  const inLine = (line, code) => {
    if (press(line, code)) return true;
    if (line.dataset.line === "wire" && code === "KeyT") return act(line, "/take"), true;
    if (line.dataset.line !== "story") return false;
    if (code === "KeyR") return act(line, "/ready"), true;
    if (code === "KeyA" && line.dataset.entries) return location.assign(line.dataset.entries), true;
    if (ways[code]) return location.assign(line.querySelector("a[href]").href + "?do=" + ways[code]), true;
    return false;
  };

  // A filter hides the lines of a region that lack some words, also of those that come later.
  const boxes = new Map(); // by region
  const sift = () => boxes.forEach((box, region) => {
    const words = box.value.toLowerCase();
    region.querySelectorAll("[data-line]").forEach((l) => { l.hidden = !l.textContent.toLowerCase().includes(words); });
  });
  const filter = () => {
    const region = lineOf()?.closest(".region") || main() || document.querySelector("main");
    let box = boxes.get(region);
    if (!box) {
      box = document.createElement("input");
      box.className = "filter";
      box.type = "search";
      box.setAttribute("aria-label", say.sayFilterlist);
      box.placeholder = say.sayFilter;
      box.addEventListener("input", sift);
      box.addEventListener("keydown", (e) => {
        if (e.key === "Enter" || e.key === "ArrowDown") { e.preventDefault(); to(lines(region)[0]); }
      });
      boxes.set(region, box);
      const head = region.querySelector(".region__head");
      const title = region.querySelector("h1");
      if (head) head.append(box);
      else if (title) title.after(box);
      else region.before(box);
      document.addEventListener("swapped", sift);
    }
    box.focus();
  };

  // letter does what a letter alone does.
  const letter = (e) => {
    const line = lineOf(), code = e.code;
    if (Date.now() < going) {
      going = 0;
      const way = document.querySelector(`[data-go="${code}"]`);
      if (way) way.click();
      return !!way;
    }
    if (line && inLine(line, code)) return true;
    if (press(document.querySelector("main"), code)) return true;
    switch (code) {
      case "KeyG": going = Date.now() + 1500; return true;
      case "KeyJ": return step(1);
      case "KeyK": return step(-1);
      case "KeyL": return across(1);
      case "KeyH": return across(-1);
      case "Digit1": case "Digit2": case "Digit3": return to(lines(regions()[Number(code.slice(5)) - 1])[0]), true;
      case "Slash": return lines().length > 0 ? (filter(), true) : false;
    }
    return press(document.body, code);
  };

  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || document.querySelector("dialog[open]")) return;
    if (e.key === "Escape" && field(e.target)) return e.target.blur();
    if (field(e.target)) return;
    if (sheet && e.key === "?" && e.altKey === off()) {
      e.preventDefault();
      return sheet.showModal();
    }
    if (e.shiftKey || e.altKey !== off()) return;
    const line = lineOf();
    if (line && e.code === "Enter" && e.target === line) return line.querySelector("a[href]")?.click();
    if (/^(Key|Digit|Slash)/.test(e.code) && letter(e)) e.preventDefault();
  });

  if (!sheet) return;
  // The foot tells the keys of the line that has the focus.
  const hints = document.getElementById("hints");
  document.addEventListener("focusin", () => {
    const keys = sheet.querySelector(`[data-of="${lineOf()?.dataset.line || "none"}"] dl`);
    hints.replaceChildren(...(keys ? [...keys.children] : []).flatMap((k) => [...k.querySelector("dt").cloneNode(true).childNodes, " " + k.querySelector("dd").textContent + "  "]));
  });
  letters.checked = !off();
  letters.addEventListener("change", () => { try { localStorage.setItem("letters", letters.checked ? "on" : "off"); } catch { letters.checked = true; } });
  const show = document.getElementById("show-keys");
  show.hidden = false;
  show.addEventListener("click", () => sheet.showModal());
  const menu = document.querySelector(".bar__you");
  document.addEventListener("click", (e) => { if (!menu.contains(e.target)) menu.open = false; });
  menu.addEventListener("keydown", (e) => { if (e.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });
})();
