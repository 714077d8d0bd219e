// Conveniences; every page works without them. Ctrl+S saves, leaving with
// words that are not saved asks first, and the seconds to undo are counted down.
(function () {
  var say = document.currentScript.dataset; // the words, in the language of the page
  var form = document.getElementById("save");
  var dirty = false;
  if (form) {
    var unsaved = document.getElementById("unsaved");
    document.addEventListener("input", function (e) {
      if (e.target.form !== form || dirty) return;
      dirty = true;
      unsaved.textContent = say.sayUnsaved;
    });
    form.addEventListener("submit", function () { dirty = false; });
    window.addEventListener("beforeunload", function (e) { if (dirty) e.preventDefault(); });
    document.addEventListener("keydown", function (e) {
      if (!(e.ctrlKey || e.metaKey) || e.code !== "KeyS") return;
      e.preventDefault();
      form.requestSubmit(form.querySelector("button[value=save]"));
    });
  }
  // count counts the seconds to undo down, of what has come into the page.
  function count() {
    document.querySelectorAll("[data-seconds]:not([data-ticks])").forEach(function (words) {
      var left = Number(words.dataset.seconds);
      words.dataset.ticks = "yes";
      var ticking = setInterval(function () {
        left--;
        if (!words.isConnected) return clearInterval(ticking);
        if (left > 0) {
          words.textContent = say.sayLeaves.replace("%s", (left === 1 ? say.saySecond : say.saySeconds).replace("%d", left));
          return;
        }
        clearInterval(ticking);
        words.textContent = say.sayNow;
        if (!dirty) setTimeout(function () { location.replace(document.getElementById("main").dataset.page || location.pathname); }, 1000);
      }, 1000);
    });
  }
  count();
  document.addEventListener("swapped", count);
})();
