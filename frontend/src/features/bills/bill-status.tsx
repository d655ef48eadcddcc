import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { DocumentState } from "@/shared/ui/document-status";
import { StatusBadge, type Tone } from "@/shared/ui/status-badge";
import { useNow } from "@/shared/ui/use-now";

import { type BillRow } from "./queries";

const tones = {
  unpaid: "attention",
  part_paid: "attention",
  paid: "good",
  credited: "closed",
  overdue: "bad",
} as const satisfies Record<string, Tone>;

type Standing = keyof typeof tones;
type Of = Pick<BillRow, "kind" | "state" | "payment_state" | "due_on">;

/** How far a posted bill is paid today; null for a note, and for what is not posted. */
export function standingOf(bill: Of, today: string): Standing | null {
  if (bill.state !== "posted" || bill.kind !== "bill") return null;
  if (bill.payment_state === "paid" || bill.payment_state === "credited") return bill.payment_state;
  if (bill.due_on < today) return "overdue";
  return bill.payment_state === "part_paid" ? "part_paid" : "unpaid";
}

/** One word for where a bill stands: its state, and once it is posted, how far it is paid. */
export function BillStatus({ of }: { of: Of }) {
  const { t } = useTranslation("bills");
  const standing = standingOf(of, isoDay(useNow()));
  if (standing === null) return <DocumentState state={of.state} />;
  return <StatusBadge tone={tones[standing]}>{t(`standing.${standing}`)}</StatusBadge>;
}
