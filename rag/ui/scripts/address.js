// What is open stands in the address, so that Back closes what was opened last, Forward opens it again, and a link or a
// reload leads to the same place: "#library", "#chat/CONVERSATION", "#search?id=ARTICLE&start=1&end=9".
(() => {
  "use strict";
  const youju = window.youju;
  const PATIENCE_MS = 5000; // for a conversation to come

  function read() {
    const [path, article = ""] = location.hash.slice(1).split("?");
    const [tab, conversation = ""] = path.split("/");
    return { tab: tab || "chat", conversation, article };
  }
  function written({ tab, conversation, article }) {
    const talk = tab === "chat" && conversation ? `/${conversation}` : "";
    const path = tab === "chat" && !talk && !article ? "" : `${tab}${talk}`;
    return path ? `#${path}${article ? `?${article}` : ""}` : location.pathname;
  }
  const now = () => written(read());

  const here = { tab: "chat", conversation: "", article: "" }; // what the page shows
  let begun = false;
  let leaving = false; // the article's entry, on the way to the one beneath it
  let coming = null; // conversation that the handler was asked for, until it is there

  const replace = () => written(here) !== now() && history.replaceState(history.state, "", written(here));
  // "over": the entry beneath is the same page without the article.
  const push = (over = false) => written(here) !== now() && history.pushState({ over }, "", written(here));
  // Something was opened.
  function go(change) {
    const another = here.article && change.article;
    Object.assign(here, change);
    if (!begun || leaving) return;
    if (another) replace();
    else push(Boolean(change.article));
  }
  // The article was closed by hand. Beneath its entry lies that of the page without it.
  function closed() {
    if (!here.article) return;
    here.article = "";
    if (history.state?.over) {
      leaving = true;
      history.back();
    } else replace();
  }

  // An article's link ↔ what stands of it in the address.
  const articleOf = (href) => {
    const given = new URL(href, location.href).searchParams;
    given.delete("lang");
    return String(given);
  };
  function open(article) {
    const href = [...document.querySelectorAll("a[data-article]")].find((a) => articleOf(a.getAttribute("href")) === article);
    const language = (youju.words().language || "zh").slice(0, 2);
    youju.openArticle(href?.getAttribute("href") || `article?${article}&lang=${language}#quote`, href, { going: true });
  }

  const running = () => Boolean(document.querySelector("#yj-stop:not(.hidden, .hide)")?.offsetParent);
  function awaited(conversation) {
    coming = conversation;
    setTimeout(() => {
      if (coming !== conversation) return;
      coming = null; // it is gone
      here.conversation = youju.conversation();
      replace();
    }, PATIENCE_MS);
  }
  function take(conversation) {
    if (running()) return false; // the answer that is being written stays in sight
    awaited(conversation);
    if (conversation) youju.send("chat", "quick", { do: "resume", id: conversation });
    else document.querySelector("#yj-clear:enabled")?.click();
    return true;
  }
  function arrive(wanted) {
    youju.show(wanted.tab, { going: true });
    wanted.tab = document.body.dataset.tab;
    if (wanted.tab !== "chat") wanted.conversation = here.conversation;
    else if (wanted.conversation !== here.conversation && !take(wanted.conversation)) wanted.conversation = here.conversation;
    const changed = wanted.article !== here.article;
    Object.assign(here, wanted);
    replace();
    if (changed && here.article) open(here.article);
    else if (changed) youju.closeArticle({ going: true });
  }
  addEventListener("popstate", () => {
    if (leaving) {
      leaving = false;
      push(Boolean(here.article)); // what was opened while the article's entry was being left
    } else arrive(read());
  });

  function settle() {
    if (!begun || !youju.there) return;
    const conversation = youju.conversation();
    if (coming !== null) {
      if (conversation === coming) coming = null;
      return;
    }
    if (conversation !== here.conversation) go({ conversation });
  }
  youju.settlers.push(settle);

  function begin() {
    const wanted = read();
    Object.assign(here, { ...wanted, article: "" });
    if (wanted.tab !== "chat") youju.show(wanted.tab, { ask: false, going: true }); // a page arrives with all its tabs
    here.tab = document.body.dataset.tab;
    begun = true;
    youju.arrived.then(() => {
      youju.there = true;
      here.conversation = youju.memory().conversation;
      if (youju.conversation() !== here.conversation) awaited(here.conversation);
      here.article = wanted.article;
      replace();
      if (wanted.article) open(wanted.article);
    });
  }
  youju.address = { read, go, closed, begin, articleOf };
})();
