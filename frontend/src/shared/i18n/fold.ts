const alike: Record<string, string> = {
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ؤ: "و",
  ئ: "ي",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
};

/** Letters people write differently become one: hamza, taa marbuta, alif maqsura, diacritics, case, accents. */
export function fold(text: string) {
  return text
    .replace(/[أإآٱؤئىیکة]/g, (letter) => alike[letter] ?? letter)
    .normalize("NFD")
    .replace(/[\p{Mn}\u0640]/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

/** Every word asked for occurs somewhere in the text. */
export function matches(text: string, query: string) {
  const folded = fold(text);
  return fold(query)
    .split(" ")
    .every((word) => folded.includes(word));
}
