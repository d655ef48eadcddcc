import { Problem } from "@/shared/api/problem";

/** Whether this browser knows passkeys at all, and how to read the server's questions about them. */
export const knowsPasskeys = () =>
  typeof PublicKeyCredential !== "undefined" &&
  "parseCreationOptionsFromJSON" in PublicKeyCredential;

/** Let the browser make a passkey; a refusal of the person comes back as a Problem to be shown. */
export async function makePasskey(options: Record<string, unknown>, refused: string) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  return asked(navigator.credentials.create({ publicKey }), refused);
}

/** Let the person choose one of their passkeys and sign with it. */
export async function signWithPasskey(options: Record<string, unknown>, refused: string) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  return asked(navigator.credentials.get({ publicKey }), refused);
}

async function asked(answer: Promise<Credential | null>, refused: string) {
  let credential;
  try {
    credential = await answer;
  } catch (error) {
    // Cancelled, timed out, or known to this device already: the browser does not say which.
    if (error instanceof DOMException) throw new Problem("passkey_cancelled", -2, "", refused);
    throw error;
  }
  if (!(credential instanceof PublicKeyCredential))
    throw new Problem("passkey_cancelled", -2, "", refused);
  return credential.toJSON() as Record<string, unknown>;
}
