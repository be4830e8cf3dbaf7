/*
 * While far more requests come in than on any other day, the page brings a challenge. The browser solves it in the
 * background while somebody types; a request with its solution is offered before those without. Nothing shows.
 * Whoever presses "Send" before it is solved waits for it a few seconds at most; a second press sends at once.
 */
(() => {
  "use strict";
  const LONGEST_WAIT = 8000; // milliseconds
  const { worker } = document.currentScript.dataset;
  const proof = document.querySelector("input[name=proof]");
  if (!proof || proof.value || !window.isSecureContext) return;
  const challenge = JSON.parse(proof.dataset.challenge);
  const solver = new Worker(worker);
  let send = null; // while a press of "Send" waits

  const finish = () => {
    solver.terminate();
    proof.form.removeEventListener("submit", wait);
    send?.();
  };
  const wait = (event) => {
    if (send) {
      send = null;
      return finish();
    }
    event.preventDefault();
    send = () => proof.form.requestSubmit(event.submitter);
    setTimeout(finish, LONGEST_WAIT);
  };
  solver.onmessage = ({ data }) => {
    if (data?.derivedKey) proof.value = btoa(JSON.stringify({ challenge, solution: data }));
    finish();
  };
  solver.onerror = finish;
  proof.form.addEventListener("submit", wait);
  solver.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, timeout: 0 });
})();
