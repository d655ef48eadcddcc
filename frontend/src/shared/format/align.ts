import { parseDecimal } from "./number";

const placesOf = (amount: string) =>
  (parseDecimal(amount) ?? "").split(".")[1]?.replace(/0+$/, "").length ?? 0;

/** The decimals a column of quantities needs, so that all its decimal marks stand in one line. */
export const placesIn = (amounts: readonly string[]) => Math.max(0, ...amounts.map(placesOf));

/** What a figure lacks to the right so that its decimal mark meets the others'; CSS keeps it invisible. */
export function missingPlaces(amount: string, places: number) {
  const own = placesOf(amount);
  if (places <= own) return "";
  return own === 0 ? `.${"0".repeat(places)}` : "0".repeat(places - own);
}

/** The same for a field: the room it leaves to the right, as the custom property `--missing`. */
export function roomFor(amount: string, places: number) {
  const missing = amount === "" ? "" : missingPlaces(amount, places);
  // Digits are one ch wide in tabular figures, the mark about half of that.
  const width = missing.startsWith(".") ? missing.length - 1 + 0.45 : missing.length;
  return { "--missing": `${width}ch` };
}
