// Keys of a story's page. Each presses what is on the page, where a pointer finds it too.
(() => {
  "use strict";
  const save = document.getElementById("save");
  const asked = new URLSearchParams(location.search).get("do") || "";
  const $ = (s) => document.querySelector(s);
  const go = (e) => {
    if (!e) return;
    for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    e.focus();
    e.scrollIntoView({ block: "center" });
  };
  const places = () => ({
    when: $("#when"), correct: $(".block textarea"), publish: $("button.main"), give: $("#give select"), edit: $(".block textarea"), add: $("#adds + form textarea, .block textarea"), picture: $("#upload input[type=file]"),
  });
  const correcting = () => $("#correct")?.closest("details").open;

  // to goes to a place that a key or an address names.
  const to = (name) => {
    if (name === "correct" && $("#correct")) $("#correct").closest("details").open = true;
    if (name.startsWith("quotation:")) return go(document.getElementById("who-" + name.slice(10)));
    if (name.startsWith("caption:")) return go(document.getElementById("caption-" + name.slice(8)));
    go(places()[name]);
  };

  // file presses the button that posts; where one may not post, the one that says ready.
  const file = (material) => {
    const correct = $('#correct button[value="correct"]');
    if (correcting() && correct) {
      if (material) $('#correct [name="material"]').checked = true;
      return correct.click();
    }
    const main = $(".strip__do button.main") || $('#save-bar button[value="ready"]');
    if (main) main.click();
  };

  const alts = {
    KeyS: () => to("when"), KeyP: () => { const f = places().picture; if (f) { go(f); f.click(); } }, KeyC: () => to("correct"), KeyH: () => { const l = $(".lineage"); l.tabIndex = -1; go(l); },
    KeyN: () => correcting() && go($('[name="note"]')), KeyM: () => $("[data-alt=KeyM]")?.click(), KeyT: () => $("[data-alt=KeyT]")?.click(), KeyB: () => $("[data-alt=KeyB]")?.click(),
  };
  const digit = (n) => {
    const severity = $('select[name="severity"]');
    if (correcting() && severity && n <= severity.options.length) {
      severity.selectedIndex = n - 1;
      return severity.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const link = document.querySelectorAll(".gate a")[n - 1];
    const at = link && document.getElementById(link.hash.slice(1));
    if (at) go(at.matches("input, select, textarea") ? at : at.querySelector("input:not([type=hidden]), select, textarea") || link);
  };

  document.addEventListener("keydown", (e) => {
    if (e.isComposing || !$("main.editor, main.livepage") || $("dialog[open]")) return;
    const held = e.ctrlKey || e.metaKey;
    if (held && e.code === "Enter") {
      e.preventDefault();
      const form = e.target.form;
      if (!save || form && form !== save) return form?.requestSubmit();
      return file(e.shiftKey);
    }
    if (held && e.code === "Period") {
      e.preventDefault();
      return $(".path a[href^='/desk/']")?.click();
    }
    if (!e.altKey || held || e.shiftKey || !save) return;
    if (/^Digit[1-9]$/.test(e.code)) {
      e.preventDefault();
      return digit(Number(e.code.slice(5)));
    }
    if (alts[e.code]) {
      e.preventDefault();
      alts[e.code]();
    }
  });
  if (asked) {
    to(asked);
    history.replaceState(null, "", $("#main").dataset.page || location.pathname);
  } else if ($("main.editor[data-new]")) {
    go($("#f-headline"));
  } else if ($("main.livepage")) {
    $("#adds + form textarea")?.focus({ preventScroll: true });
  }
  if (!save) return;

  // A time in words is answered while it is typed; Enter files it.
  const when = $("#when");
  let waits = 0;
  when?.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(async () => {
      const words = when.value;
      if (!words.trim()) return void ($("#when-is").textContent = "");
      const answer = await fetch(when.dataset.answer + "?words=" + encodeURIComponent(words), { cache: "no-store" }).catch(() => null);
      if (answer?.ok && when.value === words) $("#when-is").innerHTML = await answer.text();
    }, 150);
  });
  when?.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    $(".strip__do button[formaction]").click();
  });

  // A caption or a credit has one line: Enter keeps what stands there.
  save.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.isComposing || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || !e.target.closest(".pic, .quote")) return;
    e.preventDefault();
    save.requestSubmit(save.querySelector('button[value="save"]'));
  });

  // A chosen or dropped picture is taken in at once.
  const upload = $("#upload input[type=file]");
  const send = $("#upload button");
  upload?.addEventListener("change", () => { if (upload.files.length) send.click(); });
  document.addEventListener("dragover", (e) => { if (upload && e.dataTransfer.types.includes("Files")) e.preventDefault(); });
  document.addEventListener("drop", (e) => {
    if (!upload || !e.dataTransfer.files.length) return;
    e.preventDefault();
    upload.files = e.dataTransfer.files;
    send.click();
  });

  // What the first changed block said and says is filled in for a correction, to be read.
  const note = () => {
    const was = $('#correct [name="was"]'), is = $('#correct [name="is"]');
    if (!was || was.dataset.typed || is.dataset.typed) return;
    const changed = [...document.querySelectorAll(".block textarea, #f-headline")].find((t) => t.value !== t.defaultValue);
    if (!changed) return;
    const a = changed.defaultValue.split(/(\s+)/), b = changed.value.split(/(\s+)/);
    let head = 0, tail = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head++;
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
    const part = (w) => w.slice(Math.max(0, head - 8), w.length - Math.max(0, tail - 8)).join("").trim();
    was.value = part(a);
    is.value = part(b);
    const block = changed.closest(".block"), where = $('#correct [name="block"]');
    if (block && where) where.value = block.id.slice(6);
  };
  document.querySelectorAll('#correct [name="was"], #correct [name="is"]').forEach((i) => i.addEventListener("input", () => { i.dataset.typed = "yes"; }));
  save.addEventListener("input", (e) => { if (correcting() && e.target.matches(".block textarea, #f-headline")) note(); });

  // A quotation mark over selected words makes them a quotation, whose speaker is asked next.
  document.addEventListener("keydown", (e) => {
    const t = e.target;
    if (e.key !== '"' || e.ctrlKey || e.metaKey || e.altKey || !t.matches?.(".block textarea") || t.selectionStart === t.selectionEnd) return;
    const kind = t.closest(".block").querySelector("select");
    if (kind.value !== "paragraph") return;
    e.preventDefault();
    for (const [name, value] of [["quoteStart", t.selectionStart], ["quoteEnd", t.selectionEnd]]) {
      const i = document.createElement("input");
      i.type = "hidden"; i.name = name; i.value = value;
      save.append(i);
    }
    const b = document.createElement("button");
    b.name = "do"; b.value = "quote:" + t.id.slice(2); b.hidden = true;
    save.append(b);
    save.requestSubmit(b);
  });
})();
