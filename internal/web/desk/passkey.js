// Passkeys: a form that asks a device, and carries its answer. What cannot be asked is told
// in the form; all that a passkey does, a password or a link does without this script.
(function () {
  var say = document.currentScript.dataset; // the words, in the language of the page
  var codes = { NotAllowedError: say.sayNotAllowed, InvalidStateError: say.sayInvalidState, SecurityError: say.saySecurity };

  document.querySelectorAll("form[data-ask]").forEach(function (form) {
    var button = form.querySelector("button"), told = form.querySelector("[role=alert]"), make = form.dataset.kind === "new";
    function tell(words) { told.textContent = words; button.disabled = false; }
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return tell(say.sayUnknown);
      button.disabled = true;
      told.textContent = "";
      fetch(form.dataset.ask, { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" } }).then(function (r) {
        return r.ok ? r.json() : Promise.reject(new Error(say.sayAway));
      }).then(function (asked) {
        form.elements.ceremony.value = asked.id;
        var options = asked.question.publicKey;
        return make ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      }).then(function (answer) {
        form.elements.answer.value = JSON.stringify(answer.toJSON());
        form.submit();
      }).catch(function (err) { tell(codes[err.name] || err.message); });
    });
  });

  document.querySelectorAll("input[data-copy]").forEach(function (field) {
    field.addEventListener("focus", function () { field.select(); });
  });

  var again = document.querySelector("form[data-now]");
  if (again) again.requestSubmit();
})();
