// Two conveniences; every page works without them. Ctrl+S saves, and leaving with words
// that are not saved asks first.
(function () {
  var form = document.getElementById("save");
  if (!form) return;
  var dirty = false;
  form.addEventListener("input", function () { dirty = true; });
  form.addEventListener("submit", function () { dirty = false; });
  window.addEventListener("beforeunload", function (e) { if (dirty) e.preventDefault(); });
  document.addEventListener("keydown", function (e) {
    if (!(e.ctrlKey || e.metaKey) || e.code !== "KeyS") return;
    e.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save]"));
  });
})();
