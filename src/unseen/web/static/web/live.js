// Refreshes the parts of a page that say where they come from. Without this file a reload shows the same.
"use strict";
const EVERY_MS = 3000;
for (const part of document.querySelectorAll("[data-live]")) {
  let shown = "";
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return; // nothing moves under a person's hand
    try {
      const answer = await fetch(part.dataset.live, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const fresh = await answer.text();
      const plain = fresh.replace(/name="csrfmiddlewaretoken" value="\w+"/g, ""); // changes each time
      if (plain !== shown) part.innerHTML = fresh; // made by our own template, which escapes
      shown = plain;
    } catch {
      // the server is away: what is shown stays, and the next try comes soon
    }
  }, EVERY_MS);
}
