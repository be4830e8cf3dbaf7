/*
 * Asks the browser for a passkey or security key: a new one, or a signature of one that is known. What the server asks,
 * and what is said if it doesn't work, stand in attributes on the page. Without this file a code or the password is
 * typed.
 */
(() => {
  "use strict";

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (each) => each.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const asked = (json) => {
    const options = JSON.parse(json);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = withBytes(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = withBytes(options.allowCredentials);
    return options;
  };

  const answered = (key) => {
    const response = { clientDataJSON: text(key.response.clientDataJSON) };
    if (key.response.attestationObject) {
      response.attestationObject = text(key.response.attestationObject);
    } else {
      response.authenticatorData = text(key.response.authenticatorData);
      response.signature = text(key.response.signature);
    }
    return JSON.stringify({ id: key.id, rawId: key.id, type: key.type, response, clientExtensionResults: {} });
  };

  const useForm = (form) => {
    const said = form.querySelector("[data-options]");
    const answer = form.elements.namedItem("credential");
    const isNew = form.dataset.passkey === "new";
    const sentences = {
      NotAllowedError: said.dataset.canceledText,
      AbortError: said.dataset.canceledText,
      InvalidStateError: said.dataset.knownText,
      SecurityError: said.dataset.addressText,
    };

    const problem = () => {
      if (window.location.origin !== said.dataset.site || !window.isSecureContext) return said.dataset.addressText;
      return window.PublicKeyCredential ? "" : said.dataset.unsupportedText;
    };

    const say = (sentence) => {
      said.textContent = sentence;
      said.hidden = !sentence;
    };

    form.addEventListener("submit", async (event) => {
      if (answer.value) return; // made already: only another field had to be put right
      event.preventDefault();
      say("");
      const reason = problem();
      if (reason) {
        say(reason);
        return;
      }
      const button = form.querySelector("[type=submit]");
      button.disabled = true;
      try {
        const options = { publicKey: asked(said.dataset.options) };
        const key = await (isNew ? navigator.credentials.create(options) : navigator.credentials.get(options));
        answer.value = answered(key);
        form.submit();
      } catch (error) {
        say(sentences[error.name] || said.dataset.failedText);
      } finally {
        button.disabled = false;
      }
    });

    form.hidden = false;
  };

  // Beside a password: the button shows where the browser has passkeys.
  const useButton = (button) => {
    const { form } = button;
    const said = form.querySelector("[role=status]");
    button.addEventListener("click", async () => {
      said.textContent = "";
      try {
        const key = await navigator.credentials.get({ publicKey: asked(button.dataset.ownPasskey) });
        form.elements.namedItem("own_passkey").value = answered(key);
        form.submit(); // not requestSubmit: the password stays empty
      } catch {
        said.textContent = said.dataset.failedText;
      }
    });
    button.hidden = false;
  };

  document.querySelectorAll("form[data-passkey]").forEach(useForm);
  if (window.PublicKeyCredential) document.querySelectorAll("[data-own-passkey]").forEach(useButton);
})();
