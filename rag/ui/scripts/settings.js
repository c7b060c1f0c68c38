// Settings: once they are saved, the field of the key is empty again. Gradio, which patches the page, would leave it.
(() => {
  "use strict";
  let saved = null;
  window.youju.settlers.push(() => {
    const form = document.querySelector(".yj-settings");
    if (!form || form.dataset.saved === saved) return;
    saved = form.dataset.saved;
    for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
  });
})();
