// J, K, X, O and Enter on a list of questions. Without this file everything works with Tab and Space.
"use strict";
const form = document.querySelector("form[data-keys]");
const rows = [...form?.querySelectorAll("[data-row]") ?? []];
const box = (row) => row.querySelector("input[type=checkbox]");
let here = -1;
function go(step) {
  rows[here]?.classList.remove("here");
  here = Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[here].classList.add("here");
  (box(rows[here]).disabled ? rows[here].querySelector("a") : box(rows[here])).focus();
  rows[here].scrollIntoView({ block: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if (!rows.length || event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (typing || event.target.matches("a, button") && event.key === "Enter") return;
  const key = event.key.toLowerCase();
  if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (here >= 0 && key === "x") box(rows[here]).click();
  else if (here >= 0 && key === "o") rows[here].querySelector("a").click();
  else if (here >= 0 && key === "enter" && !box(rows[here]).disabled) {
    box(rows[here]).checked = true;
    form.requestSubmit(form.querySelector("button[value=default]"));
  } else return;
  event.preventDefault();
});
form?.querySelector("[data-all]")?.addEventListener("change", (event) => {
  for (const row of rows) if (!box(row).disabled) box(row).checked = event.target.checked;
});
