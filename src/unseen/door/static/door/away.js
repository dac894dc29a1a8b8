// Leave this page: the button, or Shift three times within five seconds. Covers the page first, then goes.
(() => {
  "use strict";
  const button = document.querySelector("[data-away]");
  const said = document.querySelector("[data-away-said]");
  const WITHIN_MS = 5000;
  let presses = [];

  const leave = (event) => {
    event?.preventDefault();
    document.documentElement.classList.add("covered");
    document.title = "\u00a0";
    // Replaced, not added: the way back does not lead to this page.
    location.replace(button.href);
  };

  button?.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (!button || event.repeat) return;
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = performance.now();
    presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
    if (presses.length > 2) leave();
    else said.textContent = presses.length === 1 ? button.dataset.more : button.dataset.once;
  });
  // A page that the browser kept in memory is covered when it is shown again after leaving.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  const printer = document.querySelector("[data-print]");
  printer?.removeAttribute("hidden");
  printer?.addEventListener("click", () => print());
})();
