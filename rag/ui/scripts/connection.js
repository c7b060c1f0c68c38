// Whether the program still answers. One line says when it does not, until it does again; what is typed is never lost.
(() => {
  "use strict";
  const youju = window.youju;
  const QUIET_MS = 10000; // between two looks while nothing is on
  const BUSY_MS = 2000; // while an answer is being written or files are being read, and while the program is away
  const SLOW_MS = 20000; // an answer that takes longer is none
  const SAID_MS = 6000;
  let started = ""; // which run of the program the page is of
  let away = false;
  let checking = false;
  let timer = 0;

  function line() {
    let box = document.getElementById("yj-connection");
    if (!box) {
      box = document.createElement("p");
      box.id = "yj-connection";
      box.setAttribute("role", "alert");
      box.hidden = true;
      (document.querySelector(".gradio-container") || document.body).append(box);
    }
    return box;
  }
  function say(name, { reload = false } = {}) {
    const box = line();
    box.dataset.said = name;
    box.textContent = name && youju.words()[name];
    box.hidden = !name;
    if (!reload) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "yj-button";
    button.textContent = youju.words().reload;
    button.addEventListener("click", () => location.reload());
    box.append(button);
  }
  function back() {
    sessionStorage.removeItem("youju-back");
    say("back");
    setTimeout(() => line().dataset.said === "back" && say(""), SAID_MS);
  }

  const busy = () => Boolean(document.querySelector("#yj-stop, .yj-progress, #yj-library-progress .yj-status"));
  // What a reload would cost: fields of a form that were changed and not sent.
  const changed = (field) =>
    field.matches("select")
      ? [...field.options].some((option) => option.selected !== option.defaultSelected && option.defaultSelected)
      : field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue;
  const unsent = () =>
    [...document.querySelectorAll(".yj-tab form:not([data-at-once]) :is(input, select, textarea)")].some(changed);

  async function check() {
    if (checking) return;
    checking = true;
    clearTimeout(timer);
    try {
      const answer = await plain("healthz", { cache: "no-store", signal: AbortSignal.timeout(SLOW_MS) });
      const run = (await answer.json()).started;
      const other = started && run !== started;
      const was = away;
      away = false;
      delete document.body.dataset.away;
      if (other && unsent()) say("restarted", { reload: true });
      else if (other) {
        sessionStorage.setItem("youju-back", "1");
        location.reload(); // the program knows nothing of this page: it begins again where it was
      } else if (was) back();
      started ||= run;
    } catch {
      away = true;
      document.body.dataset.away = "1";
      sessionStorage.setItem("youju-back", "1"); // Gradio, too, loads the page again where an answer was cut off
      if (line().dataset.said !== "away") say("away");
    }
    checking = false;
    next();
  }
  function next() {
    clearTimeout(timer);
    if (!document.hidden || away) timer = setTimeout(check, away || busy() ? BUSY_MS : QUIET_MS);
  }

  // A request that does not get through is a reason to look at once.
  const plain = window.fetch.bind(window);
  window.fetch = (...call) =>
    plain(...call).catch((error) => {
      if (error.name === "TypeError" && !leaving) check();
      throw error;
    });
  let leaving = false;
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("online", check);
  addEventListener("offline", check);
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : check()));
  youju.arrived.then(() => {
    if (sessionStorage.getItem("youju-back")) back();
    check();
  });
  // An answer has begun, or ended: from now on more, or less, often.
  let was = false;
  youju.settlers.push(() => {
    const is = busy();
    if (is !== was && started && !checking) next();
    was = is;
    const shown = document.getElementById("yj-connection");
    const said = shown?.dataset.said;
    if (said && shown.firstChild?.nodeValue !== youju.words()[said]) say(said, { reload: said === "restarted" });
  });

  // Nothing can be sent meanwhile: the words wait in the box.
  function hold(event) {
    const sends =
      event.type === "click"
        ? event.target.closest?.("#yj-send, #yj-clear, [data-do], [data-run]")
        : event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.closest?.("#yj-box");
    if (!away || !sends) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(""); // so that it is read out again
    requestAnimationFrame(() => away && say("away"));
    check();
  }
  for (const type of ["click", "keydown", "keypress"]) addEventListener(type, hold, true);

  // What is typed outlives a reload.
  const box = () => document.querySelector("#yj-box textarea, #yj-box input");
  addEventListener("pagehide", () => {
    const words = box()?.value || "";
    if (words) sessionStorage.setItem("youju-typed", words);
    else sessionStorage.removeItem("youju-typed");
  });
  youju.arrived.then(() => {
    const words = sessionStorage.getItem("youju-typed");
    const field = box();
    if (!words || !field || field.value) return;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, words);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
