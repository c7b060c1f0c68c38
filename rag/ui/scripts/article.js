// The article beside the answer, and the small card that shows a quotation where it is cited.
(() => {
  "use strict";
  const youju = window.youju;
  const dialog = () => document.querySelector("dialog.yj-dialog");
  let opener = null;

  async function openArticle(href, from, { going = false } = {}) {
    const box = dialog();
    const holder = box.querySelector(".yj-dialog-body");
    const card = (from && document.getElementById(from.dataset.card)) || from?.closest(".yj-card");
    const article = card?.querySelector(".yj-gone") ? kept(card) : await fetched(href).catch(() => null);
    if (!article) return; // the program cannot be reached, and the page says so
    if (!going) youju.address.go({ article: youju.address.articleOf(href) });
    holder.replaceChildren(article);
    box.querySelector(".yj-dialog-own").hidden = article.matches(".yj-kept");
    box.querySelector("#yj-dialog-title").textContent = holder.querySelector("h1")?.textContent || "";
    const told = [...holder.querySelectorAll(".yj-meta > *")].map((part) => part.textContent);
    box.querySelector(".yj-dialog-meta").textContent = told.join(" · ");
    box.querySelector(".yj-dialog-own").href = href;
    const both = Boolean(holder.querySelector(".yj-both"));
    const wide = matchMedia("(min-width: 901px)").matches && !both;
    box.classList.toggle("yj-beside", wide);
    hidePop();
    if (box.open) box.close();
    opener = from || null;
    // Beside the answer it leaves the answer in reach; over it, it is a dialog that keeps the focus.
    if (wide) box.show();
    else box.showModal();
    holder.focus({ preventScroll: true });
    holder.scrollTop = 0;
    for (const mark of [...holder.querySelectorAll("mark")].reverse()) mark.scrollIntoView({ block: "center" });
  }
  youju.openArticle = openArticle;
  async function fetched(href) {
    const response = await fetch(href.split("#")[0]);
    // A document that the parser makes runs no scripts; the page is all escaped text anyway.
    return new DOMParser().parseFromString(await response.text(), "text/html").querySelector("article");
  }
  // Of an article that has been deleted: title, date and what was quoted, as the answer keeps them.
  function kept(card) {
    const article = document.createElement("article");
    article.className = "yj-article yj-kept";
    article.lang = "zh-CN";
    const title = document.createElement("h1");
    title.textContent = card.querySelector(".yj-card-title").textContent;
    const meta = document.createElement("p");
    meta.className = "yj-meta";
    meta.append(card.querySelector(".yj-date").cloneNode(true));
    const quote = document.createElement("blockquote");
    const mark = document.createElement("mark");
    mark.textContent = card.querySelector(".yj-quote").textContent;
    quote.append(mark);
    article.append(title, meta, quote, card.querySelector(".yj-note").cloneNode(true));
    return article;
  }
  youju.closeArticle = ({ going = false } = {}) => {
    const box = dialog();
    if (!box?.open) return;
    box.close();
    if (!going) youju.address.closed();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const link = event.target.closest("a[data-article]");
    if (link) {
      event.preventDefault();
      openArticle(link.getAttribute("href"), link);
    } else if (event.target.closest(".yj-dialog-close") || event.target === dialog()) {
      youju.closeArticle();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (shownFor) hidePop();
    else if (dialog()?.open) youju.closeArticle();
  });

  // A dialog is closed by the browser, too: by Escape, or by a phone's own Back.
  document.addEventListener("close", (event) => event.target === dialog() && !dialog().open && youju.address.closed(), true);

  // The small card

  let shownFor = null;
  let timer = 0;
  function pop() {
    let card = document.getElementById("yj-pop");
    if (!card) {
      card = document.createElement("div");
      card.id = "yj-pop";
      card.className = "yj-pop";
      card.setAttribute("role", "tooltip");
      (document.querySelector(".gradio-container") || document.body).append(card);
    }
    return card;
  }
  function line(kind, text, lang) {
    const made = document.createElement("p");
    made.className = kind;
    made.textContent = text;
    if (lang) made.lang = lang;
    return made;
  }
  function contents(anchor) {
    if (anchor.dataset.why) return anchor.dataset.why.split("\n").map((text) => line("yj-pop-why", text));
    const card = document.getElementById(anchor.dataset.card);
    if (!card) return [];
    const meta = [...card.querySelectorAll("summary .yj-date, .yj-place")].map((part) => part.textContent);
    return [
      line("yj-pop-title", card.querySelector(".yj-card-title").textContent, "zh-CN"),
      line("yj-pop-meta", meta.join(" · ")),
      line("yj-pop-quote", card.querySelector(".yj-quote").textContent, "zh-CN"),
    ];
  }
  function showPop(anchor, touched) {
    clearTimeout(timer);
    const parts = contents(anchor);
    if (!parts.length) return;
    const card = pop();
    if (touched && anchor.dataset.card) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "yj-button";
      button.textContent = youju.words().open;
      button.addEventListener("click", () => follow(anchor));
      parts.push(button);
    }
    card.replaceChildren(...parts);
    card.classList.add("yj-pop-shown");
    anchor.setAttribute("aria-describedby", "yj-pop");
    shownFor = anchor;
    const at = anchor.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const left = Math.min(Math.max(12, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 12);
    const above = at.top - size.height - 8;
    card.style.left = `${left}px`;
    card.style.top = `${above > 60 ? above : at.bottom + 8}px`;
  }
  function hidePop() {
    clearTimeout(timer);
    document.getElementById("yj-pop")?.classList.remove("yj-pop-shown");
    shownFor?.removeAttribute("aria-describedby");
    shownFor = null;
  }
  function follow(chip) {
    hidePop();
    const link = document.getElementById(chip.dataset.card)?.querySelector(".yj-open");
    if (link) openArticle(link.getAttribute("href"), chip);
  }
  const anchorOf = (target) => target.closest?.("[data-card], [data-why]");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const anchor = anchorOf(event.target);
    if (anchor) {
      clearTimeout(timer);
      timer = setTimeout(() => showPop(anchor), 120);
    } else if (shownFor && !event.target.closest?.("#yj-pop")) {
      clearTimeout(timer);
      timer = setTimeout(hidePop, 160);
    } else if (event.target.closest?.("#yj-pop")) clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const anchor = anchorOf(event.target);
    if (anchor?.matches(":focus-visible")) showPop(anchor);
    else if (shownFor && !event.target.closest?.("#yj-pop")) hidePop();
  });
  let touched = false;
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (shownFor && !anchorOf(event.target) && !event.target.closest?.("#yj-pop")) hidePop();
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const anchor = anchorOf(event.target);
    if (!anchor) return;
    event.preventDefault();
    if (anchor.dataset.why || touched) showPop(anchor, touched);
    else follow(anchor);
  });
  addEventListener("scroll", () => shownFor && hidePop(), { passive: true });

  youju.settlers.push((words) => {
    const box = dialog();
    if (!box || !words.language || box.dataset.language === words.language) return;
    box.dataset.language = words.language;
    box.querySelector(".yj-dialog-own").textContent = words.own;
    box.querySelector(".yj-dialog-close").title = words.close;
    box.querySelector(".yj-dialog-close").setAttribute("aria-label", words.close);
  });
})();
