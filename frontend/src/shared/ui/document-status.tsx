import { IconCash, IconFileInvoice, IconTruckDelivery } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { StatusBadge, type Tone } from "@/shared/ui/status-badge";

import classes from "./document-status.module.css";

/*
 * Where a document stands: its state, and three words that are never mixed into one (domain.md
 * 3.10). Each is a word, an icon and a colour.
 *
 *   <DocumentState state={order.state} />
 *   <StatusWords delivery={order.delivery} billing={order.billing} payment={order.payment} />
 */

const stateTones = {
  draft: "draft",
  quoted: "attention",
  submitted: "attention",
  pending_approval: "attention",
  approved: "good",
  rejected: "bad",
  confirmed: "good",
  sent: "good",
  ordered: "good",
  awarded: "good",
  ready: "attention",
  picked: "attention",
  packed: "attention",
  shipped: "good",
  delivered: "good",
  reserved: "attention",
  in_transit: "attention",
  received: "good",
  inspection: "attention",
  inspected: "good",
  counting: "attention",
  review: "attention",
  matched: "attention",
  disputed: "bad",
  posted: "good",
  bounced: "bad",
  reversed: "closed",
  expired: "closed",
  lost: "closed",
  void: "closed",
  cancelled: "closed",
  closed: "closed",
} as const satisfies Record<string, Tone>;

export type DocumentStateName = keyof typeof stateTones;

const isState = (state: string): state is DocumentStateName => state in stateTones;

/** The state of a document, as its own machine calls it. */
export function DocumentState({ state }: { state: string }) {
  const { t } = useTranslation("documents");
  if (!isState(state)) return <StatusBadge tone="closed">{state}</StatusBadge>;
  return <StatusBadge tone={stateTones[state]}>{t(`state.${state}`)}</StatusBadge>;
}

/** The word for a state, for filters and sentences. */
export function useStateWord() {
  const { t } = useTranslation("documents");
  return useCallback((state: string) => (isState(state) ? t(`state.${state}`) : state), [t]);
}

const words = {
  delivery: { none: "draft", part: "attention", full: "good" },
  billing: {
    nothing_to_bill: "closed",
    none: "draft",
    part: "attention",
    full: "good",
    over_billed: "bad",
  },
  payment: {
    none: "closed",
    unpaid: "draft",
    part_paid: "attention",
    paid: "good",
    overdue: "bad",
  },
} as const satisfies Record<string, Record<string, Tone>>;

const icons = { delivery: IconTruckDelivery, billing: IconFileInvoice, payment: IconCash };

type Kind = keyof typeof words;
/** Goods leave for a customer, or come in from a supplier. */
type Side = "sales" | "purchase";

/** One of the three words. */
export function StatusWord({
  kind,
  value,
  side = "sales",
}: {
  kind: Kind;
  value: string;
  side?: Side;
}) {
  const { t } = useTranslation("documents");
  const tones: Record<string, Tone> = words[kind];
  const tone = tones[value];
  if (!tone) return <StatusBadge tone="closed">{value || "—"}</StatusBadge>;
  // The table above and the catalogue are kept together by a test.
  const said = t(`${side}.${kind}.${value}` as "sales.delivery.none");
  return <StatusBadge tone={tone}>{said}</StatusBadge>;
}

type Words = Partial<Record<Kind, string | null | undefined>> & { side?: Side };

/** The three words side by side, each under what it speaks of. */
export function StatusWords({ side = "sales", ...values }: Words) {
  const { t } = useTranslation("documents");
  return (
    <dl className={classes.words}>
      {(["delivery", "billing", "payment"] as const).map((kind) => {
        const value = values[kind];
        if (!value) return null;
        const Icon = icons[kind];
        return (
          <div key={kind}>
            <dt>
              <Icon size={16} stroke={1.6} aria-hidden />
              {t(`word.${side}.${kind}`)}
            </dt>
            <dd>
              <StatusWord kind={kind} value={value} side={side} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
