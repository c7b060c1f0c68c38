// The last search outlives a reload: it is made again.
(() => {
  "use strict";
  const youju = window.youju;
  const send = youju.send;
  youju.send = (name, kind, act) => {
    if (name === "search" && act.do === "search") sessionStorage.setItem("youju-search", JSON.stringify(act));
    send(name, kind, act);
  };
  youju.arrived.then(() => {
    const act = JSON.parse(sessionStorage.getItem("youju-search") || "null");
    if (!act || document.body.dataset.tab !== "search") return;
    const field = document.querySelector("#yj-search-form [name=words]");
    if (field) field.value = act.words;
    send("search", "quick", act);
  });
})();
