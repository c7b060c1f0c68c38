// The conversation: cards that stay as the reader left them, and an Enter that waits for the input method.
(() => {
  "use strict";
  const youju = window.youju;
  const opened = new Set(); // ids of cards opened by hand

  document.addEventListener("click", (event) => {
    const summary = event.target.closest?.(".yj-card > summary, .yj-fold > summary, .yj-keep > summary");
    if (!summary || !summary.parentElement.id) return;
    const id = summary.parentElement.id;
    if (summary.parentElement.open) opened.delete(id); // the click is about to close it
    else opened.add(id);
  });

  // An answer with its sources, as plain text.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea"); // where the page is not served securely
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button || button.dataset.label) return;
    await copy(button.dataset.copy);
    button.dataset.label = button.textContent;
    button.textContent = youju.words().copied;
    youju.announce(youju.words().copied);
    setTimeout(() => {
      button.textContent = button.dataset.label;
      delete button.dataset.label;
    }, 1600);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#yj-clear")) document.querySelector("#yj-box textarea")?.focus();
    if (event.target.closest?.(".yj-past")) document.getElementById("yj-history")?.hidePopover();
  });
  document.addEventListener("submit", (event) => {
    const details = event.target.closest?.(".yj-keep");
    if (!details) return;
    details.open = false;
    opened.delete(details.id);
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

  // The list of conversations, or the choice of a scope, stays open when it is drawn anew.
  let shown = "";
  document.addEventListener(
    "beforetoggle",
    (event) => {
      const id = event.target.id;
      if (event.newState === "open") shown = id;
      else if (shown === id && event.target.isConnected) shown = "";
    },
    true,
  );
  youju.settlers.push(() => {
    const sheet = shown && document.getElementById(shown);
    if (sheet && !sheet.matches(":popover-open") && document.body.dataset.tab === "chat") sheet.showPopover();
  });

  // What the reader opened stays open, a new question comes to the top.
  let current = null;
  youju.settlers.push(() => {
    for (const id of opened) {
      const details = document.getElementById(id);
      if (details && !details.open) details.open = true;
    }
    const answer = document.querySelector("#yj-answer [data-exchange]");
    if (!answer) opened.clear();
    const number = answer ? answer.dataset.exchange : null;
    if (number === current) return;
    current = number;
    if (number > 1) document.getElementById("yj-current").scrollIntoView({ block: "start", behavior: "smooth" });
    else if (document.body.dataset.tab === "chat") window.scrollTo(0, 0);
  });
})();
