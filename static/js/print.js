/* Prints the page. Without this file the browser's own menu does it. */
(() => {
  "use strict";
  const button = document.querySelector("[data-prints]");
  if (!button) return;
  button.addEventListener("click", () => window.print());
  button.hidden = false;
})();
