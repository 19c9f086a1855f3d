// Puts a copy button beside each text that is shown once. Without this script the text can be selected instead.
"use strict";

// What is said stands on the script's own tag, in the language of the page.
const { sayCopy, sayCopied, saySelected, sayCopyIt, sayCopiedIt, saySelectedIt } = document.currentScript.dataset;

for (const place of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(place.dataset.copy);
  if (!source) continue;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = sayCopy;
  const about = (text) => text.replace("{name}", () => place.dataset.copyLabel);
  button.setAttribute("aria-label", about(sayCopyIt));

  // Read out by screen readers; what only changes on a button is not.
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");

  let reset;
  button.addEventListener("click", async () => {
    const done = await copy(source);
    button.textContent = done ? sayCopied : saySelected;
    said.textContent = about(done ? sayCopiedIt : saySelectedIt);
    clearTimeout(reset);
    reset = setTimeout(() => {
      button.textContent = sayCopy;
      said.textContent = "";
    }, 3000);
  });

  place.append(button, said);
}

// The clipboard is there on secure origins alone, and may be refused: then the text is at least selected.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return false;
  }
}
