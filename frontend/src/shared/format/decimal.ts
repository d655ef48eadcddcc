/** The exact difference of two decimals, for hints; what counts is reckoned by the server. */
export const difference = (a: string, b: string) => total([a, negated(b)]);

/** The exact sum of decimals, for hints; what counts is reckoned by the server. */
export function total(amounts: readonly string[]): string {
  const places = Math.max(0, ...amounts.map((one) => one.split(".")[1]?.length ?? 0));
  const sum = amounts.reduce((before, one) => before + scaled(one, places), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  const size =
    places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(digits.length - places)}`;
  return sum < 0n ? `-${size}` : size;
}

export const isZero = (decimal: string) => !/[1-9]/.test(decimal);
export const isNegative = (decimal: string) => decimal.startsWith("-") && !isZero(decimal);

const negated = (decimal: string) =>
  decimal.startsWith("-") ? decimal.slice(1) : `-${decimal.replace(/^\+/, "")}`;

function scaled(decimal: string, places: number) {
  const negative = decimal.startsWith("-");
  const [whole = "", fraction = ""] = decimal.replace(/^[+-]/, "").split(".");
  const size = BigInt(`${whole}${fraction.padEnd(places, "0")}` || "0");
  return negative ? -size : size;
}
