export type Strength = 0 | 1 | 2 | 3;

const common = /^(password|qwerty|admin|welcome|letmein|alawael|\d+$|(.)\2*$)/i;

/** A hint while typing; the server's rules decide. Length counts most, as it does for whoever guesses. */
export function strength(password: string): Strength {
  if (password.length < 12 || common.test(password)) return password.length === 0 ? 0 : 1;
  const kinds = [/\p{Ll}|\p{Lo}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) =>
    kind.test(password),
  ).length;
  return password.length >= 16 || (password.length >= 14 && kinds >= 3) ? 3 : 2;
}
