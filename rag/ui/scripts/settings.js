// Settings. Once they are saved, the field of the key is empty again. Gradio, which patches the page, would leave it.
(() => {
  "use strict";
  let saved = null;
  window.youju.settlers.push(() => {
    const form = document.querySelector(".yj-settings");
    if (!form || form.dataset.saved === saved) return;
    saved = form.dataset.saved;
    for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
  });

  // A page opened while articles are embedded again looks on as well.
  let watching = false;
  document.addEventListener("submit", (event) => {
    if (event.target.closest?.(".yj-embedding-form")) watching = true;
  });
  window.youju.settlers.push(() => {
    const busy = document.querySelector("#yj-settings-change .yj-progress");
    if (busy && !watching) {
      watching = true;
      window.youju.send("settings", "long", { do: "watch" });
    } else if (!busy && document.querySelector("#yj-settings-change p")) watching = false;
  });
})();
