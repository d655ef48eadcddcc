const arabicIndic = "٠١٢٣٤٥٦٧٨٩";
const persian = "۰۱۲۳۴۵۶۷۸۹";

export function toWestern(text: string) {
  return text
    .replace(/[٠-٩]/g, (digit) => String(arabicIndic.indexOf(digit)))
    .replace(/[۰-۹]/g, (digit) => String(persian.indexOf(digit)));
}

export function toArabicIndic(text: string) {
  return text.replace(/[0-9]/g, (digit) => arabicIndic.charAt(Number(digit)));
}
