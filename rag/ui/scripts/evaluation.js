// Evaluation: a page opened while a run is on looks on as well; a question that is opened gets the focus.
(() => {
  "use strict";
  const youju = window.youju;
  let watching = false;
  let shown = ""; // id of the question that is open
  let jump = false; // to the result that was chosen from the list below it

  document.addEventListener("submit", (event) => {
    if (event.target.closest?.(".yj-eval-form")) watching = true;
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest?.("button.yj-row")) shown = "";
    if (target.closest?.("[data-do=result]")) jump = true;
    if (target.closest?.("[data-row-back]")) document.querySelector(".yj-questions [aria-current]")?.focus();
  });

  youju.settlers.push(() => {
    const busy = document.querySelector(".yj-eval-progress");
    if (busy && !watching) {
      watching = true;
      youju.send("evaluation", "long", { do: "watch" });
    } else if (!busy && document.querySelector(".yj-eval-form")) watching = false;

    const current = document.querySelector(".yj-runs [aria-current]");
    if (jump && current?.matches(":focus")) {
      jump = false;
      document.getElementById("yj-evaluation-overview").scrollIntoView({ block: "start" });
    }

    const open = document.querySelector(".yj-question-row");
    const id = open?.dataset.id || "";
    for (const button of document.querySelectorAll(".yj-questions button.yj-row")) {
      if ((button.dataset.id === id) !== button.hasAttribute("aria-current")) button.toggleAttribute("aria-current");
    }
    if (id === shown) return;
    shown = id;
    if (!open || document.body.dataset.tab !== "evaluation") return;
    open.scrollTop = 0;
    open.focus({ preventScroll: true });
    open.scrollIntoView({ block: "nearest" });
  });
})();
