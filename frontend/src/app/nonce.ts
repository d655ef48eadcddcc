/**
 * The nonce of this page's content security policy, for the style elements that are made at run time.
 * Browsers hide it from the attribute, so that no style sheet can read it; the property has it.
 */
export function nonce(): string | undefined {
  const given = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;
  return given === "" ? undefined : given;
}

/** `react-remove-scroll`, which keeps the page still behind a dialog, looks for it by this name. */
export function shareNonce() {
  const given = nonce();
  if (given) Object.assign(globalThis, { __webpack_nonce__: given });
}
