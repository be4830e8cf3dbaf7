/* Leave at once, and take this page out of the history. Without this script the link simply leads away. */
(() => {
  "use strict";
  const exit = document.querySelector(".exit");
  if (!exit) return;
  const leave = () => {
    document.documentElement.hidden = true; // hide the page while the next one loads
    window.location.replace(exit.href);
  };
  let presses = [];
  for (const hint of document.querySelectorAll(".leaving__keys")) hint.hidden = false;

  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Shift" ? [...presses, event.timeStamp].slice(-3) : [];
    if (presses.length === 3 && presses[2] - presses[0] < 2000) leave();
  });
})();
