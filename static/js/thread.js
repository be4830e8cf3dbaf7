/*
 * Looks by itself whether the other side has written, less and less often, and only while the page is looked at.
 * Each look is the thread's address once more, wherever the page came from. It renews nothing: a page left alone ends when it would have ended.
 */
(() => {
  "use strict";
  const FIRST = 20000;
  const LONGEST = 600000;
  const AWAY = "You were away for a while, so what was written is hidden. Look again with your seven words; what you typed below is kept.";
  const news = document.getElementById("news");
  let wait = FIRST;
  let timer = 0;
  let isOver = false;

  const put = (page, id) => {
    const fresh = page.getElementById(id);
    const here = document.getElementById(id);
    if (here.innerHTML === fresh.innerHTML) return false;
    const isMore = here.childElementCount < fresh.childElementCount || id === "standing";
    here.replaceChildren(...fresh.childNodes);
    return isMore;
  };

  const end = (why) => {
    isOver = true;
    document.getElementById("thread").replaceChildren();
    news.textContent = why;
  };

  const look = async () => {
    try {
      const answer = await fetch(news.dataset.address, { headers: { "X-Looks-By-Itself": "1" }, cache: "no-store" });
      if (answer.redirected) return end(AWAY);
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!page.getElementById("thread")) return end(page.querySelector(".lead").textContent.trim());
        const hasChanged = put(page, "standing");
        const isMore = put(page, "thread");
        if (hasChanged) news.textContent = "Something has changed. Look again to see all of it.";
        else if (isMore) news.textContent = "There is something new.";
        if (hasChanged || isMore) wait = FIRST / 2;
      }
    } catch {
      // Away from the network: the next look tells.
    }
    wait = Math.min(wait * 2, LONGEST);
    plan();
  };

  const plan = () => {
    window.clearTimeout(timer);
    if (!document.hidden && !isOver) timer = window.setTimeout(look, wait);
  };

  document.addEventListener("visibilitychange", plan);
  plan();
})();
