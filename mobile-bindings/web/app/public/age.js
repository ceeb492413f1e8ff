// Old enough to read, too old to run: such a browser gets a page that says so, in both languages.
(function () {
  var ok =
    typeof WebAssembly === "object" &&
    "serviceWorker" in navigator &&
    navigator.storage &&
    "getDirectory" in navigator.storage &&
    "locks" in navigator &&
    typeof structuredClone === "function" &&
    typeof HTMLDialogElement === "function" &&
    window.CSS &&
    CSS.supports("selector(:has(a))");
  if (!ok) location.replace("./too-old.html");
})();
