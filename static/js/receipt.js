/* Copies and prints the seven words. Without this file they are written down by hand, which is as good. */
(() => {
  "use strict";
  const words = document.getElementById("receipt");
  const tools = document.querySelector(".receipt-tools");
  if (!words || !tools) return;
  const said = tools.querySelector("[data-said]");
  const plain = () => words.textContent.trim().split(/\s+/).join(" ");

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(plain());
      said.textContent = said.dataset.copiedText;
    } catch {
      window.getSelection().selectAllChildren(words);
      said.textContent = said.dataset.markedText;
    }
  };

  tools.querySelector("[data-copies]").addEventListener("click", copy);
  tools.querySelector("[data-prints]").addEventListener("click", () => window.print());
  tools.hidden = false;
})();
