import Papa from "papaparse";

/** What a CSV file from a bank begins with, as far as a person needs to see it to say which column is which. */
export type Sheet = { headings: string[]; rows: string[][] };

const separators = [",", ";", "\t", "|"];

/** The first rows of a CSV file; null when it is no table of text. Banks put lines above the headings. */
export function readSheet(text: string): Sheet | null {
  if (text.includes("\u0000")) return null;
  const start = text.replace(/^\uFEFF/, "").slice(0, 65_536);
  // The library's own guess takes the commas of "100,00" for separators.
  const delimiter = separators.reduce((best, one) =>
    start.split(one).length > start.split(best).length ? one : best,
  );
  const { data } = Papa.parse<string[]>(start, { delimiter, preview: 40 });
  const rows = data.map((row) => row.map((cell) => cell.trim()));
  // The headings are the first row that is filled from one side to the other like those below it.
  const width = Math.max(0, ...rows.map(filled));
  const at = rows.findIndex((row) => filled(row) >= 2 && filled(row) * 2 > width);
  const headings = rows[at];
  if (!headings || at > 9) return null;
  const places = headings.flatMap((cell, index) =>
    cell !== "" && headings.indexOf(cell) === index ? [index] : [],
  );
  const shown = (row: readonly string[]) => places.map((index) => row[index] ?? "");
  return {
    headings: shown(headings),
    rows: rows
      .slice(at + 1)
      .filter((row) => filled(row) > 0)
      .slice(0, 3)
      .map(shown),
  };
}

const filled = (row: readonly string[]) => row.filter((cell) => cell !== "").length;

/** Whether a file is a CSV, by its content: neither XML nor SWIFT. */
export const looksLikeCsv = (text: string) =>
  !text
    .replace(/^\uFEFF/, "")
    .trimStart()
    .startsWith("<") && !/:60[FM]:|^:25:/m.test(text);

/** The text of a file's beginning; banks here write UTF-8 or Windows-1256. */
export async function beginningOf(file: File): Promise<string> {
  const bytes = await new Promise<ArrayBuffer>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as ArrayBuffer);
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error("The file cannot be read."));
    };
    reader.readAsArrayBuffer(file.slice(0, 65_536));
  });
  try {
    return new TextDecoder("utf-8", { fatal: bytes.byteLength < 65_536 }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1256").decode(bytes);
  }
}
