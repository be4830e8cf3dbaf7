/*
 * Poll for new messages, less and less often, and only while the page is visible. What a poll brings changes nothing of
 * that: from the rhythm, a watcher of the network would read when something came.
 * Each poll fetches the thread's own address, wherever this page came from. It doesn't renew the visit: a page left
 * alone ends when it would have ended anyway.
 */
(() => {
  "use strict";
  const GROWTH = 1.5;
  const MAX_WAIT = 120000;
  const news = document.getElementById("news");
  let wait = 20000;
  let timer = 0;
  let isOver = false;

  const replacePart = (page, id) => {
    const fresh = page.getElementById(id);
    const here = document.getElementById(id);
    if (here.innerHTML === fresh.innerHTML) return false;
    const isMore = here.childElementCount < fresh.childElementCount || id === "standing";
    here.replaceChildren(...fresh.childNodes);
    return isMore;
  };

  const end = (text) => {
    isOver = true;
    document.getElementById("thread").replaceChildren();
    news.textContent = text;
  };

  const poll = async () => {
    try {
      const answer = await fetch(news.dataset.address, { headers: { "X-Poll": "1" }, cache: "no-store" });
      if (answer.redirected) return end(news.dataset.awayText);
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!page.getElementById("thread")) return end(page.querySelector(".lead").textContent.trim());
        const hasChanged = replacePart(page, "standing");
        const isMore = replacePart(page, "thread");
        if (hasChanged) news.textContent = news.dataset.changedText;
        else if (isMore) news.textContent = news.dataset.moreText;
      }
    } catch {
      // Offline: the next poll will tell.
    }
    wait = Math.min(wait * GROWTH, MAX_WAIT);
    schedule();
  };

  const schedule = () => {
    window.clearTimeout(timer);
    if (!document.hidden && !isOver) timer = window.setTimeout(poll, wait);
  };

  document.addEventListener("visibilitychange", schedule);
  schedule();
})();
