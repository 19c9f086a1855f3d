// Asks the browser for a passkey and sends the form with what it says. Without this script there are the other ways.
"use strict";

// We take a challenge for too old by this many milliseconds before the server does.
const MARGIN = 30_000;
const opened = Date.now();
// What it says stands with its tag, in the language of the page.
const { sayNone, sayKnown, sayPlace, sayUnused } = document.currentScript.dataset;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const said = document.createElement("p");
  said.className = "field-error";
  said.setAttribute("role", "alert");
  said.hidden = true;
  button.before(said);

  const tell = (text) => {
    said.textContent = text;
    said.hidden = text === "";
  };

  let waiting = new AbortController();
  form.addEventListener("submit", async (event) => {
    // The form is sent a second time, with all that it needs.
    event.preventDefault();
    tell("");
    if (!window.PublicKeyCredential) {
      tell(sayNone);
      return;
    }
    waiting.abort();
    waiting = new AbortController();
    button.disabled = true;
    try {
      send(form, await ask(form, { signal: waiting.signal }));
    } catch (error) {
      tell(reason(error));
      button.disabled = false;
    }
  });

  if ("autofill" in form.dataset) autofill(form, waiting.signal);
}

// A sign-in page that lay open until its challenge is too old is loaded anew when somebody comes back to it and has typed
// nothing. Others would lose what they show; there the server asks to try once more.
document.addEventListener("visibilitychange", () => {
  const form = document.querySelector("form[data-autofill]");
  const isOld = form && Date.now() - opened > JSON.parse(form.dataset.options).timeout - MARGIN;
  const isEmpty = [...document.querySelectorAll("input:not([type=hidden])")].every((field) => field.value === field.defaultValue);
  if (document.visibilityState === "visible" && isOld && isEmpty) location.reload();
});

// Passkeys among what the browser proposes for the name, where it does that (conditional mediation). Not where the page has
// something to say: a browser that chooses by itself would sign in whoever has just signed out, or try what was refused.
async function autofill(form, signal) {
  try {
    if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
    send(form, await ask(form, { signal, mediation: "conditional" }));
  } catch {
    // Nobody chose one; the button is still there.
  }
}

async function ask(form, more) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(form.elements.challenge.value);
  for (const key of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) key.id = bytes(key.id);
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: options, ...more });
  options.user.id = bytes(options.user.id);
  return navigator.credentials.create({ publicKey: options, ...more });
}

function send(form, credential) {
  const { response } = credential;
  const fields = {
    credential: text(credential.rawId),
    client_data: text(response.clientDataJSON),
  };
  if (form.dataset.passkey === "get") {
    fields.authenticator_data = text(response.authenticatorData);
    fields.signature = text(response.signature);
    if (response.userHandle) fields.user_handle = text(response.userHandle);
  } else {
    fields.attestation = text(response.attestationObject);
    fields.transports = (response.getTransports?.() ?? []).join(" ");
  }
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  // Not requestSubmit(): that would come here again.
  form.submit();
}

function reason(error) {
  switch (error.name) {
    case "InvalidStateError":
      return sayKnown;
    case "SecurityError":
      return sayPlace;
    default:
      return sayUnused;
  }
}

// base64url (RFC 4648 §5), without padding.
function text(buffer) {
  const letters = btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
