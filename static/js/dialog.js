// Lifts what was just made above the page. Without this script it is the first thing on the page.
"use strict";

for (const dialog of document.querySelectorAll("dialog[data-done]")) {
  // Not close(): its event would come later, and be taken for the reader's.
  dialog.removeAttribute("open");
  dialog.showModal();

  // A secret is shown once: a stray Escape must not take it away before it was copied.
  dialog.addEventListener("cancel", (event) => event.preventDefault());

  // The page beneath came by a POST: its address is not one to stay on.
  dialog.addEventListener("close", () => location.replace(dialog.dataset.done));
}
