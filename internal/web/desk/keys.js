// Keys of lists: j and k go from line to line, and a letter presses the button that names it,
// in the line that has the focus or on the page. Letters are places on the keyboard, so that
// they work with a Hebrew layout, and never act in a field.
(function () {
  var field = /^(INPUT|TEXTAREA|SELECT)$/;
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || field.test(e.target.tagName) || e.target.isContentEditable) return;
    var lines = Array.prototype.slice.call(document.querySelectorAll("[data-line]"));
    var line = e.target.closest("[data-line]");
    if (lines.length && (e.code === "KeyJ" || e.code === "KeyK")) {
      var at = lines.indexOf(line) + (e.code === "KeyJ" ? 1 : -1);
      var to = lines[Math.max(0, Math.min(lines.length - 1, at))];
      to.tabIndex = -1;
      to.focus();
      e.preventDefault();
      return;
    }
    if (line && e.code === "Enter" && e.target === line) {
      var link = line.querySelector("a[href]");
      if (link) link.click();
      return;
    }
    var button = line && line.querySelector('[data-key="' + e.code + '"]');
    if (!button) {
      button = Array.prototype.find.call(document.querySelectorAll('[data-key="' + e.code + '"]'), function (b) { return !b.closest("[data-line]"); });
    }
    if (!button) return;
    e.preventDefault();
    button.click();
  });
})();
