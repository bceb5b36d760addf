/** Browser side of a passkey ceremony. JSON in, JSON out, as the API sends and expects it. */

export function passkeysSupported(): boolean {
  return (
    typeof window !== "undefined" &&
    typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function"
  );
}

function json(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("no passkey was chosen");
  return credential.toJSON();
}

/** Asks the person for a passkey. Rejects when they cancel. */
export async function askPasskey(publicKey: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  return json(
    await navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
    }),
  );
}

/** Makes a passkey on this device. Rejects when the person cancels or already has one here. */
export async function makePasskey(publicKey: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  return json(
    await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
    }),
  );
}
