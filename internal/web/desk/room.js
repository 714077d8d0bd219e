// An open page is told that something changed and asks for it again, by its own session:
// the board and the tray swap their parts in place, the editor says who else is there and
// whether somebody saved, and what is typed is never touched. docs/live.md has the protocol.
(() => {
  "use strict";
  const say = document.currentScript.dataset; // the words, in the language of the page
  const main = document.getElementById("main");
  if (!main || !main.dataset.live || !window.EventSource) return;
  const here = document.getElementById("here");
  const gap = 2000; // between two fetches of a page that hears much
  const slow = 60000; // between two, where there is no stream

  const page = main.dataset.page || location.pathname; // a refused form stands at another address

  let stream = null;
  let last = ""; // the id of the newest event
  let due = 0; // the timer of the next fetch
  let again = 0; // the timer of the next try, without a stream
  let fetched = 0;
  let asked = 0; // fetches that began: an answer that a later one overtook is dropped
  let shown = ""; // what the editor was answered last
  let over = false;
  let gate = false; // of an open story, more than who is there may have changed

  // keeping changes a part of the page and leaves scroll and focus where they are.
  const keeping = (part, change) => {
    const top = (e) => e.getBoundingClientRect().top;
    const links = () => [...part.querySelectorAll("a[href]")];
    const mark = links().find((e) => top(e) >= 0 && top(e) < innerHeight);
    const before = mark && top(mark);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    change();
    const same = (old) => old && links().find((e) => e.getAttribute("href") === old.getAttribute("href"));
    const now = same(mark);
    if (now && window.scrollY > 0) window.scrollBy({ top: top(now) - before, behavior: "instant" });
    if (!focused) return;
    const form = focused.form && focused.form.id;
    const next = focused.matches("a[href]") ? same(focused)
      : [...part.querySelectorAll("button, input, select")].find((e) => e.form && e.form.id === form && e.name === focused.name && e.value === focused.value);
    if (next) next.focus({ preventScroll: true });
  };

  // plain is what a part shows, without the keys of its forms, which are new each time, and
  // without what only a countdown changes.
  const plain = (part) => part.innerHTML.replace(/name="key" value="[^"]*"/g, "").replace(/<b data-seconds[^]*?<\/b>/g, "");

  // typed reports whether somebody has typed into a part: it is left as it is.
  const typed = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some((e) => here && (part.querySelector("details[open]") || e === document.activeElement || e.defaultValue !== undefined && e.value !== e.defaultValue));

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (next && plain(next) !== plain(part) && !typed(part)) keeping(part, () => part.replaceChildren(...next.childNodes));
    }
    document.dispatchEvent(new Event("swapped"));
  };

  // end says that nothing more is told: this member may not see the page any more.
  const end = () => {
    over = true;
    close();
    clearTimeout(again);
    main.dataset.heard = "ended";
    const words = document.createElement("p");
    words.className = "here__ended";
    words.setAttribute("role", "alert");
    words.textContent = say.sayEnded;
    if (here) here.replaceChildren(words);
    else main.prepend(words);
  };

  const refresh = async () => {
    fetched = Date.now();
    const mine = ++asked;
    try {
      const address = here ? here.dataset.from + "?seen=" + encodeURIComponent(here.dataset.seen) : page + (page === location.pathname ? location.search : "");
      const answer = await fetch(address, { cache: "no-store" });
      if (answer.redirected || answer.status === 401 || answer.status === 403) return end();
      if (!answer.ok) return;
      const html = await answer.text();
      if (mine !== asked || over) return;
      if (!here) swap(html);
      else if (html !== shown) here.innerHTML = shown = html;
      if (!here || !gate) return;
      gate = false; // what stands between the text and readers, as somebody else left it
      const whole = await fetch(page, { cache: "no-store" });
      const fresh = whole.ok && !whole.redirected && await whole.text();
      if (fresh && mine === asked && !over) swap(fresh);
    } catch {
      // Without a network the page stays as it is.
    }
  };

  // soon fetches once for all that is told in a short time.
  const soon = () => {
    if (due || over) return;
    due = setTimeout(() => { due = 0; refresh(); }, Math.max(100 + 200 * Math.random(), fetched + gap - Date.now()));
  };

  const close = () => {
    if (stream) stream.close();
    stream = null;
  };

  const open = () => {
    if (stream || over || document.hidden) return;
    clearTimeout(again);
    let missed = true; // what happened before the stream began
    stream = new EventSource("/listen?ch=" + main.dataset.live);
    stream.addEventListener("open", () => {
      main.dataset.heard = "stream";
      if (missed || !last) soon();
      missed = false;
    });
    for (const name of ["any", "tray", "desk", "story", "here", "reset"]) {
      stream.addEventListener(name, (e) => { last = e.lastEventId; gate = gate || name !== "here"; soon(); });
    }
    stream.addEventListener("head", (e) => { last = e.lastEventId; });
    stream.addEventListener("error", async () => {
      if (!stream || stream.readyState !== EventSource.CLOSED) return; // it returns by itself
      close();
      main.dataset.heard = "asking";
      await refresh();
      if (!over) again = setTimeout(open, slow);
    });
  };

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return open();
    close();
    clearTimeout(again);
    if (!over) delete main.dataset.heard;
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
