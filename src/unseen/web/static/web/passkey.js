// Passkeys: asks the server for a question, the key for an answer, and sends it with the form. Without this file there are codes.
"use strict";
const api = window.PublicKeyCredential;
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const make = form.dataset.passkey === "make";
  if (!api || !(make ? api.parseCreationOptionsFromJSON : api.parseRequestOptionsFromJSON)) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    try {
      const question = await (await fetch(form.dataset.question, { credentials: "same-origin" })).json();
      const key = make
        ? await navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(question) })
        : await navigator.credentials.get({ publicKey: api.parseRequestOptionsFromJSON(question) });
      form.elements.answer.value = JSON.stringify(key.toJSON());
      form.requestSubmit();
    } catch {
      form.querySelector("[data-trouble]").hidden = false; // the person closed the window, or has no key here
    }
  });
}
