// In words that every browser understands: in one that is older than the supported ones (README, "Browsers"), shows
// the line that says what does not work. Chrome 85 and Firefox 79 are the first to have Promise.any, Safari 15.4 is
// the first to have submitter, and Chrome 93 and Firefox 92 are the first to have hasOwn, which the verifier needs.
(function () {
  function show(line) {
    if (line) line.hidden = false;
  }
  var isOld = !window.Promise || !Promise.any || !window.SubmitEvent || !("submitter" in SubmitEvent.prototype);
  if (isOld) show(document.querySelector("[data-old-browser]"));
  if (isOld || !Object.hasOwn) show(document.querySelector("[data-old-verifier]"));
})();
