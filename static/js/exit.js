/* Leaves at once and takes this page out of the history. Without this file the link simply leads away. */
(() => {
  "use strict";
  const exit = document.querySelector(".exit");
  if (!exit) return;
  const leave = () => {
    document.documentElement.hidden = true; // gone from the screen while the next page is on its way
    window.location.replace(exit.href);
  };
  let presses = [];
  for (const words of document.querySelectorAll(".leaving__keys")) words.hidden = false;

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
