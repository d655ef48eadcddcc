import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";

import { type Category, type CategoryNode, categoryTree, units } from "./queries";

/** A category with its place in the tree: "Lamps › Desk lamps". */
export type Placed = {
  node: CategoryNode;
  category: Category;
  depth: number;
  path: string;
  parentPath: string;
  parentId: string | null;
  /** Its place among its siblings, and how many they are. */
  index: number;
  siblings: number;
};

/** The tree as a list, every branch under its root. */
export function placed(nodes: CategoryNode[], name: (of: Category) => string): Placed[] {
  const list: Placed[] = [];
  const walk = (level: CategoryNode[], depth: number, above: string, parentId: string | null) => {
    level.forEach((node, index) => {
      const own = name(node.category);
      const path = above ? `${above} › ${own}` : own;
      const { category } = node;
      list.push({
        node,
        category,
        depth,
        path,
        parentPath: above,
        parentId,
        index,
        siblings: level.length,
      });
      walk(node.children, depth + 1, path, category.id);
    });
  };
  walk(nodes, 0, "", null);
  return list;
}

export function useCategories() {
  const name = useName();
  const { data } = useQuery(categoryTree());
  return useMemo(() => {
    const all = placed(data?.items ?? [], name);
    const byId = new Map(all.map((one) => [one.category.id, one]));
    return {
      all,
      pathOf: (id: string | null) => (id === null ? "" : (byId.get(id)?.path ?? "")),
      nameOf: (id: string | null) => {
        const found = id === null ? undefined : byId.get(id);
        return found ? name(found.category) : "";
      },
    };
  }, [data, name]);
}

export function useUnits() {
  const name = useName();
  const { data } = useQuery(units());
  return useMemo(() => {
    const all = data ?? [];
    const byId = new Map(all.map((one) => [one.id, one]));
    const nameOf = (id: string) => {
      const found = byId.get(id);
      return found ? name(found) : "";
    };
    return {
      all,
      nameOf,
      /** Those in use, and the ones named although they are not. */
      choices: (...kept: string[]) =>
        all
          .filter((one) => one.is_active || kept.includes(one.id))
          .map((one) => ({ value: one.id, label: name(one) })),
    };
  }, [data, name]);
}

/** "1 Box = 12 Piece": so many of a unit are exactly so many of another. */
export function useConversion() {
  const { nameOf } = useUnits();
  const { t } = useTranslation("catalog");
  return (row: { unit_id: string; numerator: number; denominator: number }, stockUnit: string) =>
    t("units.conversion", {
      many: row.denominator,
      unit: nameOf(row.unit_id),
      stock: row.numerator,
      stockUnit: nameOf(stockUnit),
    });
}
