/*
 * While far more requests come in than on any other day, the page brings a challenge. The browser solves it in the
 * background while somebody types; a request with its solution is offered before those without. Nothing shows.
 * Whoever presses "Send" before it is solved waits for it a few seconds at most, and reads so after one; what they press
 * meanwhile changes nothing, because a double click must not send without the solution.
 */
(() => {
  "use strict";
  const LONGEST_WAIT = 8000; // milliseconds
  const SAYS_SO_AFTER = 1000;
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
    send = null;
  };
  const wait = (event) => {
    event.preventDefault();
    if (send) return;
    send = () => proof.form.requestSubmit(event.submitter);
    const status = proof.form.querySelector("[data-sending-text]");
    setTimeout(() => { status.textContent = status.dataset.sendingText; }, SAYS_SO_AFTER);
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
