import { act, render } from "@testing-library/react";
import { expect, test } from "vitest";

import { changeLanguage } from "@/shared/i18n/i18n";

import { Way } from "./way";

const place = { id: "", name_en: "", name_ar: "", warehouse_id: null };
const bin = { ...place, code: "RUH-A-01", type: "internal" as const };
const gone = {
  ...place,
  code: "ADJUSTMENTS",
  name_en: "Adjustments",
  name_ar: "التسويات",
  type: "adjustment" as const,
};

test("a place is called by its code, the world outside by its name", async () => {
  const { container } = render(<Way from={gone} to={bin} />);
  expect(container).toHaveTextContent("Adjustments → RUH-A-01");

  await act(() => changeLanguage("ar"));
  expect(container).toHaveTextContent("التسويات → RUH-A-01");
});
