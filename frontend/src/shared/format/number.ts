import { toArabicIndic, toWestern } from "./digits";

export type Digits = "latn" | "arab";

/** Read a number typed or pasted in either digit script; the answer is the server's spelling, or null. */
export function parseDecimal(typed: string): string | null {
  let text = toWestern(typed)
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/(SAR|SR|ر\.?\s?س\.?|﷼|\u20C1)/gi, "")
    .replace(/[\s\u00A0\u202F٬'’_]/g, "")
    .replaceAll("−", "-")
    .replaceAll("٫", ".");
  let negative = false;
  const inBrackets = /^\((.+)\)$/.exec(text);
  if (inBrackets) {
    negative = true;
    text = inBrackets[1] ?? "";
  }
  const trailing = /^([^-]+)-$/.exec(text);
  if (trailing) text = `-${trailing[1] ?? ""}`;
  text = withoutCommas(text);
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!parts) return null;
  const [, sign = "", whole = "", fraction = ""] = parts;
  if (whole === "" && fraction === "") return null;
  if (sign === "-") negative = !negative;
  const integer = whole.replace(/^0+(?=\d)/, "") || "0";
  const size = fraction === "" ? integer : `${integer}.${fraction}`;
  return negative && /[1-9]/.test(size) ? `-${size}` : size;
}

/** A whole number for a field that takes no other; what is none goes as typed, for the server to refuse. */
export function wholeNumber(typed: string): number {
  const number = parseDecimal(typed);
  return (number === null ? typed : Number(number)) as number;
}

// 1,234,567.5 groups thousands; 12,5 (one comma, no group of three after it) is a decimal comma.
function withoutCommas(text: string) {
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(",", "");
  if (/^[+-]?\d*,\d+$/.test(text)) return text.replace(",", ".");
  return text;
}

/** Round half away from zero to so many places, on the digits themselves. */
export function withPlaces(decimal: string, places: number): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = decimal.replace(/^[+-]/, "").split(".");
  const digits = `${whole}${fraction.padEnd(places + 1, "0")}`;
  const kept = digits.slice(0, whole.length + places);
  const next = digits.charAt(whole.length + places);
  const scaled = BigInt(kept || "0") + (next >= "5" ? 1n : 0n);
  const text = scaled.toString().padStart(places + 1, "0");
  const integer = text.slice(0, text.length - places);
  const size = places === 0 ? integer : `${integer}.${text.slice(-places)}`;
  return negative && scaled !== 0n ? `-${size}` : size;
}

/** "1234567.5" → "1,234,567.5". Strings all the way: a float would lose the last halala of a large sum. */
export function grouped(decimal: string, digits: Digits = "latn"): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction] = decimal.replace(/^[+-]/, "").split(".");
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const size = fraction === undefined ? thousands : `${thousands}.${fraction}`;
  const signedText = negative ? `-${size}` : size;
  if (digits === "latn") return signedText;
  return toArabicIndic(signedText.replaceAll(",", "٬").replace(".", "٫"));
}

export const money = (amount: string, digits: Digits = "latn") =>
  grouped(withPlaces(amount, 2), digits);

export const quantity = (amount: string, digits: Digits = "latn") =>
  grouped(amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount, digits);
