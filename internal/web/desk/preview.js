// A form with a preview shows what is typed a moment after it is typed, in the pane beside
// it; without this script its button does. In a list of places, Alt and an arrow move a
// story to the place above or below.
(function () {
  "use strict";
  var form = document.querySelector("form[data-preview]");
  if (!form) return;
  var pane = document.querySelector(".glass iframe");
  var link = document.querySelector("[data-glass]");
  var due = 0;
  var asked = 0;

  function typed() {
    var out = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && value && !/^(key|logoKey|base|desk|add|extra)$/.test(name)) out.append(name, value);
    });
    return out.toString();
  }

  function show() {
    var query = typed();
    if (pane) pane.src = form.dataset.preview + "?" + query;
    if (link) link.href = form.dataset.preview + "?" + query;
    var part = form.querySelector("[data-part=readings]");
    if (!part || !form.dataset.readings) return;
    var mine = ++asked;
    fetch(form.dataset.readings + "?" + query, { cache: "no-store" }).then(function (answer) { return answer.text(); }).then(function (html) {
      var fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-part=readings]");
      if (fresh && mine === asked) part.replaceChildren.apply(part, Array.from(fresh.childNodes));
    }).catch(function () {}); // without a network the page stays as it is
  }

  function soon(e) {
    if (e.target.type === "file") return;
    clearTimeout(due);
    due = setTimeout(show, 400);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);

  form.addEventListener("keydown", function (e) {
    if (!e.altKey || e.key !== "ArrowUp" && e.key !== "ArrowDown") return;
    var slots = Array.from(form.querySelectorAll("[data-slot]"));
    var at = slots.indexOf(e.target.closest("[data-slot]"));
    var to = slots[at + (e.key === "ArrowUp" ? -1 : 1)];
    if (at < 0 || !to) return;
    e.preventDefault();
    ["select", "input"].forEach(function (what) {
      var a = slots[at].querySelector(what);
      var b = to.querySelector(what);
      var kept = a.value;
      a.value = b.value;
      b.value = kept;
    });
    to.querySelector(e.target.localName).focus();
    soon({ target: form });
  });
})();
