// An open page is told what changes on it, and changes in place: docs/live.md says by what.
// Everything works without this; the page is then as true as when it was fetched. HTML comes
// from our own server, as the page itself did.
"use strict";
(() => {
  const main = document.getElementById("main");
  const channels = main.dataset.live;
  if (!channels || !window.EventSource) return;
  const ch = "ch=" + encodeURIComponent(channels).replaceAll("%2C", ",");
  const words = { ...main.dataset };

  let last = main.dataset.after || ""; // the newest entry that the page knows of
  let stream = null;
  let asking = 0; // the timer of the next question, where there is no stream
  let failures = 0;
  let waiting = new Set(); // stories that are new
  let entries = 0; // of a live page, above what the reader sees

  const jitter = (ms) => ms * (0.5 + Math.random());
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const element = (html) => parsed(html).body.firstElementChild;
  const shows = (id) => [...main.querySelectorAll(`[data-story="${CSS.escape(id)}"]`)];
  const isOwn = (id) => shows(id).find((e) => "own" in e.dataset);

  // What is said to those who hear the page, and the line that leads to what waits.
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");
  const bar = document.createElement("p");
  bar.className = "fresh noprint";
  bar.hidden = true;
  const way = bar.appendChild(document.createElement("a"));
  way.href = location.pathname;
  main.before(bar);
  document.body.append(status);
  const say = (text) => { status.textContent = text; };
  const counted = (n, one, many) => (n === 1 ? one : many.replace("%d", n));

  // still changes the page without moving what the reader looks at.
  const still = (change) => {
    const marks = [...main.querySelectorAll("[id], [data-story]")];
    const top = (e) => e.getBoundingClientRect().top;
    const mark = marks.find((e) => top(e) >= 0 && top(e) < innerHeight) || marks.findLast((e) => top(e) < 0);
    const before = mark && top(mark);
    const name = mark && (mark.id ? `#${CSS.escape(mark.id)}` : `[data-story="${CSS.escape(mark.dataset.story)}"]`);
    const focused = document.activeElement && main.contains(document.activeElement) && document.activeElement.id;
    change();
    const now = mark && (mark.isConnected ? mark : main.querySelector(name));
    if (now && window.scrollY > 0) window.scrollBy({ top: top(now) - before, behavior: "instant" });
    if (focused && !main.contains(document.activeElement)) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  // fetchAgain brings the page to what the server has now.
  let fetching = null;
  const fetchAgain = (told) => {
    fetching ??= (async () => {
      try {
        const answer = await fetch(location.pathname + location.search, { cache: "no-cache" });
        if (!answer.headers.get("Content-Type")?.startsWith("text/html") || answer.status >= 500) return;
        const fresh = parsed(await answer.text());
        const next = fresh.getElementById("main");
        if (!next || next.innerHTML === main.innerHTML) return;
        still(() => {
          main.replaceChildren(...next.childNodes);
          if (next.dataset.after) main.dataset.after = next.dataset.after;
        });
        notice(fresh.querySelector(".strip .notice"));
        document.title = fresh.title;
        forget();
        if (told) say(told);
      } catch {
        // Without a network the page stays as it is.
      } finally {
        fetching = null;
      }
    })();
    return fetching;
  };
  const fetchSoon = (told) => setTimeout(() => fetchAgain(told), jitter(1500)); // not everybody at once

  const forget = () => {
    waiting = new Set();
    entries = 0;
    bar.hidden = true;
  };
  const wait = (text, to) => {
    way.textContent = text;
    way.href = to;
    bar.hidden = false;
    say(text);
  };
  way.addEventListener("click", async (e) => {
    e.preventDefault();
    if (!entries) await fetchAgain();
    forget();
    window.scrollTo({ top: 0 });
    main.setAttribute("tabindex", "-1");
    main.focus({ preventScroll: true });
  });

  const notice = (fresh) => {
    const old = document.querySelector(".strip .notice");
    if (!fresh || !old || old.innerHTML === fresh.innerHTML) return;
    old.replaceWith(fresh);
    say(fresh.textContent.trim());
  };

  // patch puts what a card says now into the place that shows it.
  const patch = (place, card) => {
    if (!card) {
      const lead = place.matches(".story--lead, .story--top");
      place.remove();
      if (lead) fetchSoon();
      return;
    }
    const link = place.querySelector(".hed a") || place.querySelector("a");
    const headline = card.querySelector(".hed a");
    if (link && headline) {
      link.textContent = headline.textContent;
      link.href = headline.href;
    }
    for (const part of [".kick", ".sum", ".meta"]) {
      const old = place.querySelector(part), fresh = card.querySelector(part);
      if (old && fresh) old.replaceWith(fresh.cloneNode(true));
    }
    if (!card.querySelector("img")) place.querySelector("figure.pic")?.remove();
  };

  const lists = main.querySelector(".front, .list:not(.list--filed), .empty");
  const news = { // by the names of events
    article(d, id) {
      const own = d.id && isOwn(d.id);
      if (own) {
        if (d.n && d.n <= Number((main.dataset.after || "0-0").split("-")[1])) return;
        if (!d.text || own.matches(".live")) {
          fetchAgain(words.changed);
          return;
        }
        still(() => own.replaceWith(element(d.text)));
        main.dataset.after = id;
        document.title = document.title.replace(/^.*(?= \| )/, () => d.headline || "");
        say(`${d.word}: ${d.headline}`);
        return;
      }
      if (!d.id) {
        fetchSoon();
        return;
      }
      const places = shows(d.id);
      if (places.length) {
        const card = d.card ? element(d.card) : null;
        still(() => places.forEach((p) => patch(p, card)));
        say(d.card ? `${d.word}: ${d.headline}` : words.gone);
      } else if (d.card && lists && (d.kind === "posted" || d.kind === "reinstated") && !location.search) {
        waiting.add(d.id);
        wait(counted(waiting.size, words.single, words.many), location.pathname);
      }
    },
    entry(d) {
      const list = main.querySelector("#entries");
      if (!list || !d.html) {
        fetchSoon(words.changed);
        return;
      }
      if (d.more) fetchSoon(); // what stands beside the entries changes too
      const fresh = element(d.html);
      const olds = [...main.querySelectorAll(`li[id="${CSS.escape(fresh.id)}"]`)];
      if (olds.length) {
        still(() => olds.forEach((old) => old.replaceWith(fresh.cloneNode(true))));
        say(words.changed);
        return;
      }
      if (location.search || d.kind !== "add") return; // an earlier part of the page
      const above = list.getBoundingClientRect().top < 0;
      still(() => {
        main.querySelector(".empty")?.remove();
        list.prepend(fresh);
      });
      entries++;
      const text = counted(entries, words.entry, words.entries);
      if (above) wait(text, "#entries");
      else say(text);
    },
    front() {
      if (main.querySelector(".front") && !waiting.size) wait(words.arranged, location.pathname);
    },
    running() { fetchSoon(words.changed); },
    picture() { if (main.querySelector("img")) fetchSoon(); },
    notice(d) { if (d.html) notice(element(d.html)); },
    reset(d) {
      last = d.head || last;
      fetchSoon();
    },
    head(d) { last = d.head || last; },
    pace(d) {
      if (d.stream) return;
      close();
      ask(d.every);
    },
  };
  const hear = (name, id, data) => {
    if (id) last = id;
    news[name]?.(data || {}, id);
  };

  const close = () => {
    stream?.close();
    stream = null;
    delete main.dataset.heard;
    clearTimeout(asking);
    asking = 0;
  };
  const open = () => {
    if (stream || asking || document.hidden) return;
    stream = new EventSource(`/live?${ch}${last ? `&after=${last}` : ""}`);
    for (const name of Object.keys(news)) {
      stream.addEventListener(name, (e) => hear(name, e.lastEventId, JSON.parse(e.data)));
    }
    stream.addEventListener("open", () => {
      if (failures > 1) say(words.returned);
      failures = 0;
      main.dataset.heard = "stream";
    });
    stream.addEventListener("error", () => {
      failures++;
      delete main.dataset.heard;
      if (stream?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      close();
      ask(Math.min(60, 2 ** failures));
    });
  };

  // ask is for where there is no stream: the same by questions.
  const ask = (seconds) => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      try {
        const answer = await fetch(`/since/${last || "1-0"}?${ch}`);
        if (!answer.ok) throw new Error(answer.statusText);
        const told = await answer.json();
        if (told.reset && last) news.reset({ head: told.head });
        else if (last) told.events.forEach((e) => hear(e.event, e.id, e.data));
        for (const n of Object.values(told.standing || {})) news.notice(n);
        last = told.head;
        failures = 0;
        asking = 0;
        if (document.hidden) return;
        if (told.pace.stream) open();
        else ask(told.pace.every);
      } catch {
        ask(Math.min(60, 2 ** ++failures));
      }
    }, jitter(seconds * 1000));
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
