// Says how hard a new password is to guess while it is typed. Without this script the server says what it refuses; with it
// the server decides all the same.
"use strict";

// What is guessed as one: rows of the keyboard, the alphabet, the digits.
const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop"];
// What is said of each strength stands on the script's own tag, in the language of the page.
const WORDS = [0, 1, 2, 3, 4].map((level) => document.currentScript.dataset[`say-${level}`]);

for (const field of document.querySelectorAll('input[type="password"][autocomplete="new-password"]')) {
  const place = document.createElement("p");
  place.className = "strength";
  place.hidden = true;

  const meter = document.createElement("meter");
  Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0 });
  meter.setAttribute("aria-hidden", "true");

  const said = document.createElement("span");
  said.setAttribute("role", "status");

  place.append(meter, said);
  field.after(place);
  field.addEventListener("input", () => {
    const level = strength(field.value, known(field.form));
    place.hidden = field.value === "";
    meter.value = level;
    const text = WORDS[level];
    if (said.textContent !== text) said.textContent = text;
  });
}

// What others know of the person, as far as it stands in the form.
function known(form) {
  const fields = form.querySelectorAll('[autocomplete="username"], [autocomplete="email"], [autocomplete="name"]');
  const texts = [...fields].flatMap((field) => field.value.toLowerCase().split(/[@\s.]+/));
  return ["hallpass", "password", "passwort", "welcome", ...texts].filter((text) => text.length > 2);
}

// 0 to 4: how many guesses it takes, roughly, by what is left when all that is easily guessed counts little.
function strength(password, names) {
  if ([...password].length < 8) return 0;
  let rest = password.toLowerCase();
  for (const name of names) rest = rest.replaceAll(name, "\u0000");
  const letters = [...rest];
  let count = 0;
  letters.forEach((letter, at) => {
    const before = letters[at - 1];
    const follows = before !== undefined && RUNS.some((run) => run.includes(before + letter) || run.includes(letter + before));
    if (letter === before || follows) count += 0.25;
    else count += letters.indexOf(letter) < at ? 0.75 : 1;
  });
  const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 30]];
  const pool = kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
  const bits = count * Math.log2(pool);
  return bits < 40 ? 1 : bits < 55 ? 2 : bits < 75 ? 3 : 4;
}
