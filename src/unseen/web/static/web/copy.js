// Copy buttons of a prepared form. Without this file the fields can be selected and copied by hand.
"use strict";
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.dataset.done = "yes";
    } catch {
      field.focus(); // the text stays selected: Ctrl+C copies it
    }
  });
}
