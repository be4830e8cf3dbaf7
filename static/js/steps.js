/* On a phone: links from part to part add nothing to the history, so that Back and Exit still take one press. */
(() => {
  "use strict";
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const link of document.querySelectorAll(".step__next a, .note--terms a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const next = document.querySelector(link.hash);
      event.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ behavior: isCalm ? "auto" : "smooth" });
    });
  }
})();
