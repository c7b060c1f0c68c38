// The frame: tabs, and how what is used on a page reaches its handler. Loaded before those that hang on window.youju.
(() => {
  "use strict";
  const ports = {};
  const waiting = {}; // what was done before its tab was ready to take it
  const settlers = [];
  const youju = (window.youju = { ports, settlers });

  // Called by each tab's port as it appears on the page (rag/ui/html.py).
  youju.open = (name, quick, long, upload) => {
    ports[name] = { quick, long, upload };
    for (const [kind, act] of waiting[name] || []) ports[name][kind](act);
    delete waiting[name];
  };
  // The day where the reader is: 昨天 and 去年 are counted from it.
  youju.today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  };
  // Over a reload a page stays what it was. Kept by the tab of the browser: another one begins anew.
  youju.arrived = new Promise((done) => { youju.arrive = done; });
  // What is done before the page has its language and its conversation is told once it has: the answer to it may come
  // before or after them, and would be of a page that was not there.
  youju.send = async (name, kind, said) => {
    const act = { today: youju.today(), ...said };
    await youju.arrived;
    if (ports[name]) ports[name][kind](act);
    else (waiting[name] ||= []).push([kind, act]);
  };
  youju.memory = () => {
    const kept = JSON.parse(sessionStorage.getItem("youju-page") || "{}");
    return { ...kept, conversation: youju.address.read().conversation || kept.conversation || "" };
  };
  youju.conversation = () => document.getElementById("yj-history")?.dataset.conversation || "";
  settlers.push((words) => {
    const conversation = youju.conversation();
    const page = { language: (words.language || "").slice(0, 2), conversation };
    if (youju.there && page.language) sessionStorage.setItem("youju-page", JSON.stringify(page));
  });
  youju.words = () => document.querySelector("#yj-words [data-language]")?.dataset || {};
  youju.announce = (text) => {
    const line = document.getElementById("yj-live");
    if (line) line.textContent = text;
  };

  // Any element with data-do (quick) or data-run (long) speaks to the tab it is in, with its data and its form's fields.
  const tabOf = (element) => element.closest(".yj-tab")?.id.replace("yj-tab-", "") || document.body.dataset.tab;
  function say(element, extra) {
    const kind = element.dataset.run ? "long" : "quick";
    const form = element.closest("form");
    const fields = form ? Object.fromEntries(new FormData(form)) : {};
    youju.send(element.dataset.to || tabOf(element), kind, {
      ...fields,
      ...element.dataset,
      ...extra,
      do: element.dataset.run || element.dataset.do,
    });
  }
  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("button[data-do], button[data-run]");
    if (element) say(element);
    if (element?.dataset.show) {
      show(element.dataset.show, { ask: false });
      document.querySelector("#yj-box textarea")?.focus();
    }
    const clear = event.target.closest?.("[data-clear]")?.closest("form");
    if (clear) {
      for (const field of clear.querySelectorAll(".yj-filters :is(select, input)")) field.value = "";
      say(clear);
    }
    if (event.target.closest?.(".yj-notice-close")) event.target.closest(".yj-notice")?.remove();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-do], form[data-run]");
    if (!form) return;
    event.preventDefault();
    say(form);
  });
  // A form whose fields count at once. A date is sent when its year has been typed to the end.
  let changing = 0;
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-at-once]");
    if (!form || !event.target.closest(".yj-filters")) return;
    clearTimeout(changing);
    const date = event.target.type === "date";
    if (date && event.target.value.startsWith("0")) return;
    changing = setTimeout(() => say(form), date ? 400 : 0);
  });
  // What the handler says is chosen is what the fields say, also those that were used.
  const chosen = new WeakMap();
  settlers.push(() => {
    for (const fields of document.querySelectorAll(".yj-filters")) {
      if (chosen.get(fields) === fields.dataset.chosen) continue;
      chosen.set(fields, fields.dataset.chosen);
      for (const select of fields.querySelectorAll("select")) {
        const index = [...select.options].findIndex((option) => option.hasAttribute("selected"));
        if (select.selectedIndex !== Math.max(index, 0)) select.selectedIndex = Math.max(index, 0);
      }
      for (const input of fields.querySelectorAll("input")) {
        const value = input.getAttribute("value") || "";
        if (input !== document.activeElement && input.value !== value) input.value = value;
      }
    }
  });
  let typing = 0;
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-live]");
    if (!field || event.isComposing) return;
    clearTimeout(typing);
    typing = setTimeout(() => youju.send(tabOf(field), "quick", { do: field.dataset.live, [field.name]: field.value }), 180);
  });

  // Tabs

  const tabs = () => [...document.querySelectorAll(".yj-nav [role=tab]")];
  function show(name, { focus = false, ask = true, going = false } = {}) {
    if (!document.getElementById(`yj-tab-${name}`)) name = "chat";
    const changed = document.body.dataset.tab !== name;
    document.body.dataset.tab = name;
    mark();
    if (focus) document.getElementById(`yj-nav-${name}`)?.focus();
    if (!changed) return;
    if (!going) {
      youju.closeArticle({ going: true });
      youju.address.go({ tab: name, article: "" });
      window.scrollTo(0, 0);
    }
    if (ask) youju.send(name, "quick", { do: "open" });
  }
  youju.show = show;
  function mark() {
    const name = document.body.dataset.tab;
    for (const tab of tabs()) {
      const chosen = String(tab.dataset.tab === name);
      if (tab.getAttribute("aria-selected") === chosen) continue;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen === "true" ? 0 : -1;
    }
    for (const panel of document.querySelectorAll(".yj-tab:not([role])")) {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", panel.id.replace("yj-tab-", "yj-nav-"));
    }
  }
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("[data-tab][role=tab], a[data-go]");
    if (!tab) return;
    event.preventDefault();
    show(tab.dataset.tab || tab.dataset.go);
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.(".yj-nav [role=tab]");
    const all = tabs();
    const at = all.indexOf(tab);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (tab && next !== undefined) {
      event.preventDefault();
      show(all[next % all.length].dataset.tab, { focus: true });
    } else if (event.key === "/" && !event.target.closest?.("input, textarea, select, dialog[open]")) {
      event.preventDefault();
      const searching = document.body.dataset.tab === "search";
      if (!searching) show("chat");
      document.querySelector(searching ? "#yj-search-form input" : "#yj-box textarea")?.focus();
    }
  });

  // Theme: "light", "dark", or "auto", which is the system's.
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => localStorage.getItem("youju-theme") || "auto";
  function paint() {
    const chosen = theme();
    document.body.classList.toggle("dark", chosen === "auto" ? system.matches : chosen === "dark");
    for (const button of document.querySelectorAll("button[data-theme]")) {
      const pressed = String(button.dataset.theme === chosen);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }
  function setTheme(chosen) {
    if (chosen === "auto") localStorage.removeItem("youju-theme");
    else localStorage.setItem("youju-theme", chosen);
    paint();
  }
  youju.switchTheme = () => setTheme(document.body.classList.contains("dark") ? "light" : "dark");
  system.addEventListener("change", paint);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-theme]");
    if (button) setTheme(button.dataset.theme);
  });

  // Gradio patches the page in place; what must hold after every patch is put right here and by ``settlers``.
  function settle() {
    mark();
    const words = youju.words();
    if (words.language && document.documentElement.lang !== words.language) {
      document.documentElement.lang = words.language;
      const switcher = document.getElementById("yj-theme");
      if (switcher) {
        switcher.title = words.theme;
        switcher.setAttribute("aria-label", words.theme);
      }
    }
    paint();
    for (const one of settlers) one(words);
  }
  function start() {
    if (start.done) return;
    start.done = true;
    document.body.dataset.tab ||= "chat";
    const filter = ["open", "data-exchange", "data-language", "data-chosen"];
    new MutationObserver(settle).observe(document.body, { childList: true, subtree: true, attributeFilter: filter });
    // Gradio sets the class once, from the system's scheme, when it mounts.
    const ready = setInterval(() => {
      if (!document.querySelector("#yj-bar .yj-nav")) return;
      clearInterval(ready);
      paint();
      document.querySelector("main, .main")?.setAttribute("id", "yj-main");
      youju.address.begin();
      settle();
    }, 50);
  }
  document.addEventListener("DOMContentLoaded", start);
  if (document.readyState !== "loading") start();
})();
