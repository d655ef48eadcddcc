import { Anchor } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";
import { useMe } from "@/shared/session/session";

/** The kind of record that a page shows, by how its address begins. */
const kinds: Record<string, string> = {
  bills: "bill",
  counts: "count",
  "customer-returns": "customer_return",
  enquiries: "enquiry",
  invoices: "invoice",
  "journal-entries": "journal_entry",
  parties: "party",
  payments: "payment",
  "price-lists": "price_list",
  products: "product",
  "purchase-orders": "purchase_order",
  receipts: "receipt",
  requisitions: "requisition",
  "sales-orders": "sales_order",
  shipments: "shipment",
  "stock-adjustments": "stock",
  "supplier-returns": "supplier_return",
  transfers: "transfer",
  warehouses: "warehouse",
};

/** What to ask the access page after a refusal on this page; null where it can say nothing. */
export function whyAsked(problem: Problem, path: string) {
  if (problem.status !== 403 && problem.status !== 404) return null;
  const [, page = "", record] = path.split("/");
  const kind = kinds[page];
  const { permission, operation } = problem.facts;
  const asked = {
    ...(kind && record && record !== "new" && { kind, record }),
    ...(typeof permission === "string" && { permission }),
    ...(typeof operation === "string" && { operation }),
  };
  return problem.status === 403 || Object.keys(asked).length > 0 ? asked : null;
}

/** "Why can't I see this?", or do it: from a refusal to the rules behind it. */
export function WhyLink({ problem, seeing = false }: { problem: Problem; seeing?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const path = useLocation({ select: (location) => location.pathname });
  const asked = me ? whyAsked(problem, path) : null;
  if (asked === null) return null;
  return (
    <Anchor renderRoot={(props) => <Link to="/access" search={asked} {...props} />}>
      {t(seeing ? "error.why" : "error.whyDo")}
    </Anchor>
  );
}
