// Ticks all rows of a list at once. Without this script each is ticked by itself.
"use strict";

for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...all.form.querySelectorAll('input[name="record"]')];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  all.form.addEventListener("change", (event) => {
    if (event.target !== all) show();
  });
  all.closest("label").hidden = false;
  // A browser that comes back to the page may have kept the ticks.
  show();
}
