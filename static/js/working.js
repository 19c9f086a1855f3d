// Work that may take long shows that it goes on. Without this script the browser's own sign does.
"use strict";

{
  const { sayWorking } = document.currentScript.dataset;
  const PATIENCE = 400; // milliseconds: what is done by then needs no sign

  for (const form of document.querySelectorAll("form[data-long]")) {
    const sign = document.createElement("p");
    sign.className = "working";
    sign.setAttribute("role", "status");
    form.append(sign);

    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", sayWorking);
    let timer;
    form.addEventListener("submit", () => {
      timer = setTimeout(() => sign.replaceChildren(sayWorking, bar), PATIENCE);
    });
    // Whoever comes back finds the page as it was.
    window.addEventListener("pageshow", () => {
      clearTimeout(timer);
      sign.replaceChildren();
    });
  }
}
