import axe from "axe-core";
import { expect } from "vitest";

/** jsdom does not paint, so colours are measured in a real browser instead. */
export async function expectAccessible(element: Element) {
  const { violations } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(
    violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`),
  ).toEqual([]);
}
