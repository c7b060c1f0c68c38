// The conversation: cards that stay as the reader left them, and an Enter that waits for the input method.
(() => {
  "use strict";
  const youju = window.youju;
  const opened = new Set(); // ids of cards opened by hand
  let current = null; // number of the exchange that has come to the top

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

  // A question that is too long stays where it was typed, and the line under the box says how long it may be.
  const fields = '#yj-box textarea, textarea[name="question"]';
  const line = () => document.querySelector(".yj-too-long");
  const tooLong = (field) => field && line() && [...field.value.trim()].length > Number(line().dataset.most);
  let measured = null; // the field last typed into
  function measure(field) {
    const shown = line();
    if (!shown) return;
    measured = field;
    const length = [...(field?.value.trim() || "")].length;
    const said = tooLong(field) ? shown.dataset.said.replace("{count}", length.toLocaleString("en")) : "";
    if (shown.textContent !== said) shown.textContent = said;
    if (shown.hidden === Boolean(said)) shown.hidden = !said;
    field?.setAttribute("aria-invalid", String(Boolean(said)));
  }
  youju.settlers.push(() => measured?.isConnected && measure(measured)); // the line may have been drawn anew
  document.addEventListener("input", (event) => {
    if (event.target.matches?.(fields)) measure(event.target);
  });
  function holdBack(event, field) {
    if (!tooLong(field)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    measure(field);
    field.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.matches?.("#yj-box textarea")) holdBack(event, event.target);
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#yj-send")) holdBack(event, document.querySelector("#yj-box textarea"));
  }, true);
  document.addEventListener("submit", (event) => {
    holdBack(event, event.target.querySelector?.('textarea[name="question"]'));
  }, true);

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

  // The field for another name of a conversation gets the focus as it appears.
  let naming = "";
  youju.settlers.push(() => {
    const form = document.querySelector("#yj-history .yj-naming");
    const id = form ? form.dataset.id : "";
    if (id === naming) return;
    naming = id;
    form?.querySelector("input").select();
  });

  // Another version of a question: it is what the reader looks at, wherever its way ends.
  let version = "";
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-do=version]");
    if (button) version = button.dataset.number;
  });
  youju.settlers.push(() => {
    const there = version && document.querySelector(`#yj-tab-chat [data-exchange="${version}"][data-state]`);
    if (!there) return;
    version = "";
    current = document.querySelector("#yj-answer [data-exchange]")?.dataset.exchange || null; // scrolled to here
    there.scrollIntoView({ block: "start" });
    there.querySelector(".yj-versions button:enabled")?.focus({ preventScroll: true });
  });

  // The finished answer is read out, once: neither each word of it, nor one that was kept.
  let writing = "";
  youju.settlers.push((words) => {
    const answer = document.querySelector("#yj-answer [data-exchange]");
    if (answer?.dataset.state === "running") writing = answer.dataset.exchange;
    else if (writing && answer?.dataset.exchange === writing) {
      writing = "";
      const parts = answer.querySelectorAll(".yj-answer, .yj-refusal > *, .yj-checks, .yj-exchange-answer > .yj-note");
      const line = document.getElementById("yj-live");
      line?.replaceChildren(words.answered, ...[...parts].map(spoken));
    }
  });
  function spoken(part) {
    const copy = part.cloneNode(true);
    for (const mark of copy.querySelectorAll(".yj-after")) mark.remove();
    const said = document.createElement("span");
    said.textContent = ` ${copy.textContent.trim()}`;
    if (part.lang) said.lang = part.lang; // for its voice
    return said;
  }

  // What the reader opened stays open, a new question comes to the top.
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
