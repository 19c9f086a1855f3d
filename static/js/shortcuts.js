// Keys for the console: "/" leads to the search, "g" and a letter to a list, "?" shows them all. Links do the same.
"use strict";

shortcuts: {
  // What is said stands on the script's own tag, in the language of the page.
  const { sayTitle, saySearch, sayHelp, sayUse, sayClose } = document.currentScript.dataset;
  const SETTING = "hallpass.shortcuts";
  const PATIENCE = 2000; // milliseconds from "g" to its letter
  const TYPED_INTO =
    'input:not([type="checkbox"], [type="radio"], [type="submit"], [type="button"]), textarea, select, [contenteditable]';

  const places = new Map([...document.querySelectorAll(".site-nav [data-key]")].map((link) => [link.dataset.key, link]));
  // A page that asks one question leads nowhere else.
  if (places.size === 0) break shortcuts;
  const search = document.querySelector('form[data-search] input:not([type="hidden"])');

  // Who speaks to their machine may say single letters by accident, so that the keys can be switched off (WCAG 2.1.4).
  let isOn = true;
  try {
    isOn = localStorage.getItem(SETTING) !== "off";
  } catch {
    // A browser that keeps nothing has them on each page anew.
  }

  const element = (name, properties, ...content) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...content);
    return made;
  };
  const keys = (...names) => element("dd", {}, ...names.map((name) => element("kbd", { textContent: name })));

  const title = element("h2", { id: "shortcuts-title", textContent: sayTitle });
  const list = element("dl", { className: "facts" });
  if (search) list.append(element("dt", { textContent: saySearch }), keys("/"));
  for (const [key, link] of places) list.append(element("dt", { textContent: link.textContent }), keys("g", key));
  list.append(element("dt", { textContent: sayHelp }), keys("?"));

  const box = element("input", { type: "checkbox", id: "shortcuts-on", checked: isOn });
  box.addEventListener("change", () => {
    isOn = box.checked;
    try {
      localStorage.setItem(SETTING, isOn ? "on" : "off");
    } catch {
      // It holds on this page at least.
    }
  });
  const choice = element("label", { className: "choice", htmlFor: box.id }, box, element("span", { textContent: sayUse }));

  const close = element("button", { type: "button", className: "button primary", textContent: sayClose });
  const buttons = element("div", { className: "buttons" }, close);
  const dialog = element(
    "dialog",
    { id: "shortcuts", className: "dialog" },
    element("div", { className: "stack" }, title, list, choice, buttons),
  );
  dialog.setAttribute("aria-labelledby", title.id);
  close.addEventListener("click", () => dialog.close());

  // The way to them for whoever does not know the key, or has switched it off.
  const opener = element("button", { type: "button", className: "button small", textContent: sayTitle });
  opener.addEventListener("click", () => dialog.showModal());
  document.getElementById("main").append(element("p", { className: "shortcuts" }, opener), dialog);

  let waitsUntil = 0;
  document.addEventListener("keydown", (event) => {
    if (!isOn || event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph")) return;
    if (event.target.closest?.(TYPED_INTO) || document.querySelector("dialog:modal")) return;

    const goes = event.timeStamp < waitsUntil;
    waitsUntil = 0;
    if (goes) {
      const link = places.get(event.key);
      if (!link) return;
      event.preventDefault();
      link.click();
    } else if (event.key === "g") {
      waitsUntil = event.timeStamp + PATIENCE;
    } else if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      event.preventDefault();
      dialog.showModal();
    }
  });
}
