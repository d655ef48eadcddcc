import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";

import { fieldName, type Problem } from "./problem";

/** Put the server's sentences beside their fields; what fits no field comes back, to be shown on top. */
export function showFieldErrors<Values extends FieldValues>(
  form: Pick<UseFormReturn<Values>, "setError" | "getValues">,
  problem: Problem,
): string[] {
  const left: string[] = [];
  let first = true;
  for (const error of problem.errors) {
    const name = fieldName(error.pointer) as FieldPath<Values>;
    if (form.getValues(name) === undefined) {
      left.push(error.message);
      continue;
    }
    form.setError(name, { type: "server", message: error.message }, { shouldFocus: first });
    first = false;
  }
  return left;
}
