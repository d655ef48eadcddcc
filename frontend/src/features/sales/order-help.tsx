import { Anchor, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";
import { useDocumentPage } from "@/shared/ui/document-view";

import { type Order } from "./queries";

const shortage = new Set(["not_enough_stock", "stock_short"]);

/** The way out of a refusal: the page where what is missing can be put right. */
export function useOrderHelp(of: Order | null) {
  const { t } = useTranslation("sales");
  const pageOf = useDocumentPage();
  return (problem: Problem): ReactNode => {
    const ways: { to: string; label: string }[] = [];
    if (problem.code.startsWith("credit_limit") && of)
      ways.push({ to: `/parties/${of.customer_id}`, label: t("help.customer") });
    if (shortage.has(problem.code)) {
      ways.push({ to: "/stock", label: t("help.stock") });
      ways.push({ to: "/backorders", label: t("help.backorders") });
    }
    if (problem.code === "shipments_open")
      for (const link of of?.links ?? []) {
        const to = link.type.endsWith("shipment") ? pageOf(link.type, link.id) : null;
        if (to) ways.push({ to, label: link.number ?? t("help.shipment") });
      }
    if (ways.length === 0) return null;
    return (
      <Group gap={16}>
        {ways.map((way) => (
          <Anchor key={way.to} size="sm" renderRoot={(props) => <Link to={way.to} {...props} />}>
            {way.label}
          </Anchor>
        ))}
      </Group>
    );
  };
}
