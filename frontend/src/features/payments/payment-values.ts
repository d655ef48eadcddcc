import { isoDay } from "@/shared/format/date";

import { noPurpose, type Purpose } from "./advance-fields";
import { isSome } from "./amounts";
import { type Kind, type Method, type Payable, type Payment, type Side } from "./queries";
import { usualSide } from "./sides";
import { type Taken } from "./use-allocation";

/** What the form of a payment holds. */
export type Entered = {
  /** The draft that was saved from this form already. */
  draft: { id: string; version: number } | null;
  kind: Kind;
  /** In which of its roles the party pays or is paid. */
  side: Side;
  party_id: string | null;
  method: Method;
  /** null: where such money usually goes. */
  account_id: string | null;
  /** null: what the document has open. */
  amount: string | null;
  paid_on: string;
  /** The party's account that it is sent to. */
  bank_account_id: string | null;
  reference: string;
  notes: string;
  currency: string;
  exchange_rate: string;
  own: Taken | null;
  isAdvance: boolean;
  purpose: Purpose;
};

/** What keeps the form from being saved; the rest is the server's to judge. */
export function missingFrom(form: Pick<Entered, "party_id" | "account_id" | "amount" | "paid_on">) {
  return (["party_id", "amount", "account_id", "paid_on"] as const).find((one) => !form[one]);
}

/** What it begins with. */
export type Start = { kind: Kind; partyId: string | null; document: Payable | null };

export const entered = (of: Payment | null, start: Start): Entered => ({
  draft: of && { id: of.id, version: of.version },
  kind: of?.kind ?? start.document?.kind ?? start.kind,
  side: of?.side ?? start.document?.side ?? usualSide(start.kind),
  party_id: of?.party_id ?? start.document?.party_id ?? start.partyId,
  method: of?.method ?? "bank_transfer",
  account_id: of?.account_id ?? null,
  amount: of?.amount ?? (start.document && isSome(start.document.open_amount) ? null : ""),
  paid_on: of?.paid_on ?? isoDay(new Date()),
  bank_account_id: of?.bank_account?.id ?? null,
  reference: of?.reference ?? "",
  notes: of?.notes ?? "",
  currency: of?.currency ?? start.document?.currency ?? "SAR",
  exchange_rate: of?.exchange_rate ?? "1",
  own: null,
  isAdvance: false,
  purpose: noPurpose,
});
