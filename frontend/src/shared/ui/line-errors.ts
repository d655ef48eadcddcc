import { fieldName, type Problem } from "@/shared/api/problem";

/** What a product cell of a line editor stands for in what is sent. */
const cells: Record<string, readonly string[]> = {
  item: ["product_id", "name_en", "name_ar"],
};

/**
 * The server's sentences, each where it belongs. `keys` are the lines that were sent, in their
 * order; `fields` those of the form that show their own.
 */
export function placeErrors(problem: Problem | null, keys: string[], fields: readonly string[]) {
  const errors = new Map(problem?.errors.map((one) => [fieldName(one.pointer), one.message]));
  return {
    of: (field: string) => errors.get(field),
    at: (key: string, field: string) => {
      const index = keys.indexOf(key);
      return (cells[field] ?? [field])
        .map((one) => errors.get(`lines.${index}.${one}`))
        .find((one) => one !== undefined);
    },
    /** What fits nowhere and goes on top. */
    rest: [...errors]
      .filter(([name]) => !name.startsWith("lines.") && !fields.includes(name))
      .map(([, message]) => message),
  };
}
