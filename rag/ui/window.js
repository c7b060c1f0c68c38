// The window's own behaviour: chips open cards, links open the article, Enter waits for the input method.
(() => {
  "use strict";
  const opened = new Set(); // ids of cards opened by hand

  const dialog = () => document.querySelector("dialog.yj-dialog");

  function openCard(id) {
    const card = document.getElementById(id);
    if (!card) return;
    const fold = card.closest(".yj-fold");
    if (fold) {
      fold.open = true;
      opened.add(fold.id);
    }
    card.open = true;
    opened.add(id);
    card.classList.remove("yj-flash");
    void card.offsetWidth; // starts the animation again
    card.classList.add("yj-flash");
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.querySelector("summary").focus({ preventScroll: true });
  }

  async function openArticle(href) {
    const box = dialog();
    const holder = box.querySelector(".yj-dialog-body");
    const response = await fetch(href.split("#")[0]);
    // A document that the parser makes runs no scripts; the page is all escaped text anyway.
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    holder.replaceChildren(page.querySelector("article"));
    box.querySelector(".yj-dialog-own").href = href;
    if (!box.open) box.showModal();
    const mark = holder.querySelector("mark");
    if (mark) mark.scrollIntoView({ block: "center" });
    else holder.scrollTop = 0;
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const chip = event.target.closest("[data-card]");
    const link = event.target.closest("a[data-article]");
    const summary = event.target.closest(".yj-card > summary, .yj-fold > summary");
    if (chip) {
      event.preventDefault();
      openCard(chip.dataset.card);
    } else if (link) {
      event.preventDefault();
      openArticle(link.getAttribute("href"));
    } else if (summary) {
      const id = summary.parentElement.id;
      if (summary.parentElement.open) opened.delete(id); // the click is about to close it
      else opened.add(id);
    } else if (event.target.closest(".yj-dialog-close") || event.target === dialog()) {
      dialog().close();
    }
  });

  // Enter that ends a word of the input method must not send the question.
  for (const type of ["keydown", "keypress"]) {
    document.addEventListener(
      type,
      (event) => {
        if (event.key !== "Enter" || event.shiftKey) return;
        // Nor does it send nothing: the late end of an empty event would wipe what has been typed since.
        const empty = event.target.closest?.("#yj-box") && !event.target.value.trim();
        if (event.isComposing || event.keyCode === 229 || empty) event.stopImmediatePropagation();
        if (empty) event.preventDefault();
      },
      true,
    );
  }
  document.addEventListener(
    "click",
    (event) => {
      const box = document.querySelector("#yj-box textarea, #yj-box input");
      if (event.target.closest?.("#yj-send") && box && !box.value.trim()) event.stopImmediatePropagation();
    },
    true,
  );

  window.youju = {
    switchTheme() {
      const dark = document.body.classList.toggle("dark");
      localStorage.setItem("youju-theme", dark ? "dark" : "light");
    },
  };

  // Gradio patches the page in place: what the reader opened stays open, a new question comes to the top.
  let current = null;
  function settle() {
    for (const id of opened) {
      const details = document.getElementById(id);
      if (details && !details.open) details.open = true;
    }
    const answer = document.querySelector("#yj-answer [data-exchange]");
    if (!answer) opened.clear();
    const number = answer ? answer.dataset.exchange : null;
    if (number !== current) {
      current = number;
      if (number > 1) document.getElementById("yj-current").scrollIntoView({ block: "start", behavior: "smooth" });
      else window.scrollTo(0, 0);
    }
    const words = document.querySelector(".yj-hint[data-language]");
    if (words && document.documentElement.lang !== words.dataset.language) {
      document.documentElement.lang = words.dataset.language;
      const box = dialog();
      if (box) {
        box.querySelector(".yj-dialog-own").textContent = words.dataset.own;
        box.querySelector(".yj-dialog-close").title = words.dataset.close;
      }
      const theme = document.getElementById("yj-theme");
      if (theme) theme.title = words.dataset.theme;
    }
  }

  document.addEventListener("DOMContentLoaded", start);
  if (document.readyState !== "loading") start();
  function start() {
    if (start.done) return;
    start.done = true;
    new MutationObserver(settle).observe(document.body, { childList: true, subtree: true, attributeFilter: ["open", "data-exchange", "data-language"] });
    const chosen = localStorage.getItem("youju-theme");
    // Gradio sets the class once, from the system's scheme, when it mounts.
    const ready = setInterval(() => {
      if (!document.querySelector("#yj-bar")) return;
      clearInterval(ready);
      if (chosen) document.body.classList.toggle("dark", chosen === "dark");
      settle();
    }, 50);
  }
})();
