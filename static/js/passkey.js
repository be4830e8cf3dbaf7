/*
 * A passkey in place of the password: shows the button where the browser has passkeys, asks for one, and sends the form
 * with what it signed. Without this file the password is typed, which is as good.
 */
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  const readable = (credential) => ({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: toText(credential.response.clientDataJSON),
      authenticatorData: toText(credential.response.authenticatorData),
      signature: toText(credential.response.signature),
      userHandle: credential.response.userHandle && toText(credential.response.userHandle),
    },
  });

  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { form } = button;
    const said = form.querySelector("[role=status]");
    const asked = JSON.parse(button.dataset.passkey);

    const use = async () => {
      said.textContent = "";
      try {
        const publicKey = {
          ...asked,
          challenge: toBytes(asked.challenge),
          allowCredentials: asked.allowCredentials.map((each) => ({ ...each, id: toBytes(each.id) })),
        };
        const credential = await navigator.credentials.get({ publicKey });
        form.elements.own_passkey.value = JSON.stringify(readable(credential));
        form.submit(); // not requestSubmit: the password stays empty
      } catch {
        said.textContent = said.dataset.failedText;
      }
    };

    button.addEventListener("click", use);
    button.hidden = false;
  }
})();
