import { Anchor, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";

/** The way out of a refused shipment: where to see what is short. */
export function useShipmentHelp() {
  const { t } = useTranslation("sales");
  return (problem: Problem): ReactNode => {
    if (problem.code !== "not_enough_stock") return null;
    return (
      <Group gap={16}>
        <Anchor size="sm" renderRoot={(props) => <Link to="/stock" {...props} />}>
          {t("help.stock")}
        </Anchor>
        <Anchor size="sm" renderRoot={(props) => <Link to="/backorders" {...props} />}>
          {t("help.backorders")}
        </Anchor>
      </Group>
    );
  };
}
