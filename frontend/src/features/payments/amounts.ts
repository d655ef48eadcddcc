import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal, withPlaces } from "@/shared/format/number";

/** Above zero. */
export const isSome = (amount: string) => !isZero(amount) && !isNegative(amount);

export const least = (a: string, b: string) => (isNegative(difference(a, b)) ? a : b);

/** What was typed as an amount, with two decimals; null when it is none above zero. */
export function amountOf(typed: string): string | null {
  const amount = parseDecimal(typed);
  if (amount === null || !isSome(amount)) return null;
  // What has more decimals is the server's to refuse.
  return (amount.split(".")[1]?.length ?? 0) <= 2 ? withPlaces(amount, 2) : amount;
}
