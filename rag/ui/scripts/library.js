// Files into the library: dropped or chosen, folders walked through, sent one after the other.
(() => {
  "use strict";
  const youju = window.youju;
  const AT_ONCE = 3; // transfers
  let sending = false;
  let watching = false;
  let scrolled; // id of the row last brought into sight

  async function walk(entry, path, found) {
    if (entry.name.startsWith(".")) return;
    if (entry.isFile) {
      found.push({ file: await new Promise((done, fail) => entry.file(done, fail)), name: path + entry.name });
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!some.length) break;
        for (const inner of some) await walk(inner, `${path}${entry.name}/`, found);
      }
    }
  }

  async function send(items) {
    const zone = document.querySelector(".yj-drop");
    if (!zone || sending || !items.length) return;
    sending = true;
    const state = () => document.querySelector(".yj-drop-state");
    const files = [];
    const lost = [];
    let next = 0;
    const tell = () => {
      state().textContent = zone.dataset.sending.replace("{done}", files.length + lost.length).replace("{total}", items.length);
    };
    tell();
    const work = async () => {
      while (next < items.length) {
        const { file, name } = items[next++];
        try {
          const { path } = await youju.ports.library.upload(file);
          files.push({ path, name });
        } catch {
          lost.push(name);
        }
        tell();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    state().textContent = "";
    sending = false;
    watching = true;
    youju.send("library", "long", { do: "upload", files, not_sent: lost });
  }

  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const zone = document.querySelector(".yj-drop");
      if (!zone || document.body.dataset.tab !== "library") return;
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      const leaving = type === "drop" || (type === "dragleave" && !event.relatedTarget);
      zone.classList.toggle("yj-drop-over", !leaving);
      if (type !== "drop") return;
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      const plain = [...event.dataTransfer.files].map((file) => ({ file, name: file.name }));
      const found = [];
      (async () => {
        for (const entry of entries) await walk(entry, "", found);
        send(found.length ? found : plain);
      })();
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-pick]");
    if (button) document.getElementById(`yj-pick-${button.dataset.pick}`).click();
  });
  document.addEventListener("change", (event) => {
    const input = event.target.closest?.("[data-picked]");
    if (!input) return;
    send([...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
    input.value = "";
  });

  // Ticks say which articles are asked within. What the handler says is ticked is what the boxes say.
  document.addEventListener("change", (event) => {
    const box = event.target.closest?.("[data-tick]");
    if (box) youju.send("library", "quick", { do: "tick", id: box.dataset.id, on: box.checked });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-do=untick]")) return;
    for (const box of document.querySelectorAll("[data-tick]")) box.checked = false;
  });
  const told = new WeakMap(); // box → what the handler last said of it
  youju.settlers.push(() => {
    for (const box of document.querySelectorAll("[data-tick]")) {
      const said = `${box.dataset.id} ${box.dataset.on}`;
      if (told.get(box) === said) continue;
      told.set(box, said);
      box.checked = box.dataset.on === "1";
    }
  });

  // A page opened while files are being read looks on as well.
  youju.settlers.push(() => {
    const busy = document.querySelector("#yj-library-progress :is(.yj-progress, .yj-status)");
    if (busy && !watching) {
      watching = true;
      youju.send("library", "long", { do: "watch" });
    } else if (!busy && document.querySelector("#yj-library-progress :is(.yj-report, .yj-stopped)")) watching = false;
    const first = document.querySelector(".yj-editing input[autofocus]");
    if (first && !first.dataset.focused) {
      first.dataset.focused = "1";
      first.focus();
      first.setSelectionRange(first.value.length, first.value.length); // the first key must not wipe the title
    }
    const wrong = document.querySelector(".yj-editing [aria-invalid=true]");
    if (wrong && !wrong.dataset.focused) wrong.focus();
    for (const field of document.querySelectorAll(".yj-editing [aria-invalid]")) {
      if (field.getAttribute("aria-invalid") === "true") field.dataset.focused = "1";
      else if (!field.autofocus) delete field.dataset.focused;
    }
    const saved = document.querySelector("tr.yj-saved");
    if (saved && saved.dataset.id !== scrolled) saved.scrollIntoView({ block: "nearest" });
    scrolled = saved?.dataset.id;
  });
})();
