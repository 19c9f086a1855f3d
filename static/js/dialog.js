// Lifts what was just made above the page. Without this script it is the first thing on the page.
"use strict";

for (const dialog of document.querySelectorAll("dialog[data-once]")) {
  // Not close(): its event would come later, and be taken for the reader's.
  dialog.removeAttribute("open");
  dialog.showModal();

  // A secret is shown once: Escape puts it back into the page, and only the link in it leads away.
  dialog.addEventListener("close", () => {
    dialog.setAttribute("open", "");
    dialog.scrollIntoView({ block: "nearest" });
  });
}
