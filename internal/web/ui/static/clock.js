// The reader's own clock. The server has drawn UTC in the third place; this puts the
// reader's time there, so that nothing on the page moves. It goes away where it would
// only repeat the house's or the desk's zone. Text is set as text, never as markup.
"use strict";
(() => {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const lang = document.documentElement.lang || "en";

  // parts reads hour, minute and civil date of an instant in a zone.
  const parts = (at, tz) => {
    const out = {};
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: tz, hourCycle: "h23", hour: "2-digit", minute: "2-digit",
      year: "numeric", month: "2-digit", day: "2-digit",
    });
    for (const { type, value } of format.formatToParts(at)) out[type] = value;
    return { hour: Number(out.hour), minute: Number(out.minute), day: `${out.year}-${out.month}-${out.day}` };
  };

  // same tells whether two zones show the same wall clock at this instant and half a year
  // either side, which is what a reader means by "the same time".
  const same = (at, a, b) => [0, -182, 182].every((days) => {
    const t = new Date(at.getTime() + days * 86400000);
    try {
      const x = parts(t, a), y = parts(t, b);
      return x.hour === y.hour && x.minute === y.minute && x.day === y.day;
    } catch {
      return false;
    }
  });

  // place names the zone: the city in English, the language's own name for it elsewhere.
  const place = (at) => {
    if (zone === "UTC" || zone.startsWith("Etc/")) return "UTC";
    if (lang === "en") return zone.split("/").pop().replaceAll("_", " ");
    const named = new Intl.DateTimeFormat(lang, { timeZone: zone, timeZoneName: "shortGeneric" })
      .formatToParts(at).find((p) => p.type === "timeZoneName");
    return named ? named.value : zone;
  };

  const hand = (path, turn, length) => {
    const x = 10 + length * Math.sin(turn), y = 10 - length * Math.cos(turn);
    path.setAttribute("d", `M10 10L${x.toFixed(2)} ${y.toFixed(2)}`);
  };

  for (const clock of document.querySelectorAll("[data-reader]")) {
    const time = clock.querySelector("time"), label = clock.querySelector("dt");
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    if ((clock.dataset.zones || "").split(" ").some((z) => z && same(at, z, zone))) {
      clock.classList.add("clock--spare");
      continue;
    }
    const here = parts(at, zone);
    time.textContent = `${String(here.hour).padStart(2, "0")}:${String(here.minute).padStart(2, "0")}`;

    // The weekday stands by every clock where the days differ, else by none.
    let day = clock.querySelector("small");
    if (day || here.day !== clock.dataset.day) {
      if (!day) {
        day = document.createElement("small");
        time.after(" ", day);
      }
      day.textContent = new Intl.DateTimeFormat(lang, { timeZone: zone, weekday: "short" }).format(at);
    }
    const role = label.querySelector("span");
    role.textContent = clock.dataset.reader;
    label.firstChild.data = place(at);

    const dial = clock.querySelector(".dial");
    hand(dial.querySelector(".dial__h"), ((here.hour % 12) + here.minute / 60) * Math.PI / 6, 4.2);
    hand(dial.querySelector(".dial__m"), here.minute * Math.PI / 30, 7);
    dial.classList.toggle("dial--night", here.hour < 6 || here.hour >= 18);
  }
})();
