// A page that nobody touches and that nothing changes draws once a second. Gradio's sign of loading goes on asking for sixty
// frames a second after it has left the page, in every window and for as long as that is open.
(() => {
  "use strict";
  const QUIET_MS = 2000;
  const frames = window.requestAnimationFrame.bind(window);
  const cancel = window.cancelAnimationFrame.bind(window);
  const held = new Map(); // number given out → callback that waits for the next second
  let given = 0;
  let moved = performance.now();
  let second = 0;

  function draw() {
    clearTimeout(second);
    second = 0;
    for (const [number, callback] of held) {
      held.delete(number);
      frames(callback);
    }
  }
  function wake() {
    moved = performance.now();
    if (held.size) draw();
  }
  window.requestAnimationFrame = (callback) => {
    if (performance.now() - moved < QUIET_MS) return frames(callback);
    held.set(--given, callback); // the browser's own numbers are positive
    second ||= setTimeout(draw, 1000);
    return given;
  };
  window.cancelAnimationFrame = (number) => (number < 0 ? held.delete(number) : cancel(number));
  for (const type of ["pointerdown", "pointermove", "keydown", "input", "wheel", "resize", "focus", "scroll"]) {
    addEventListener(type, wake, { capture: true, passive: true });
  }
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(wake).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
})();
