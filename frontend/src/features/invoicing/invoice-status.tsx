import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { StatusBadge, type Tone } from "@/shared/ui/status-badge";
import { useNow } from "@/shared/ui/use-now";

import { type InvoiceRow } from "./queries";

const tones = {
  draft: "draft",
  void: "closed",
  issued: "good",
  unpaid: "attention",
  part_paid: "attention",
  paid: "good",
  credited: "closed",
  overdue: "bad",
} as const satisfies Record<string, Tone>;

export type Standing = keyof typeof tones;

type Of = Pick<InvoiceRow, "kind" | "state" | "payment_state" | "due_on">;

/** One word for where an invoice stands today. */
export function standingOf(invoice: Of, today: string): Standing {
  if (invoice.state !== "posted") return invoice.state;
  if (invoice.kind !== "invoice") return "issued";
  if (invoice.payment_state === "paid" || invoice.payment_state === "credited")
    return invoice.payment_state;
  if (invoice.due_on < today) return "overdue";
  return invoice.payment_state === "part_paid" ? "part_paid" : "unpaid";
}

export function InvoiceStatus({ of }: { of: Of }) {
  const { t } = useTranslation("invoicing");
  const standing = standingOf(of, isoDay(useNow()));
  return <StatusBadge tone={tones[standing]}>{t(`standing.${standing}`)}</StatusBadge>;
}
