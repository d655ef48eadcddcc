import { Anchor, Button, Group, Skeleton, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DateText } from "@/shared/ui/date-text";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";
import { useDelayed } from "@/shared/ui/use-delayed";

import { LineCharges } from "./line-charges";
import { LinePaymentDialog } from "./line-payment-dialog";
import { named } from "./names";
import classes from "./payments.module.css";
import {
  type BankLine,
  type MatchProposal,
  matchProposals,
  type Statement,
  useKeepLine,
  useMatchLine,
} from "./queries";
import { useLineKeys } from "./use-line-keys";

/** What an open line may be: the likeliest first, taken or refused with one key. */
export function LineSuggestions({
  of,
  statement,
  onDone,
}: {
  of: BankLine;
  statement: Statement;
  onDone: () => void;
}) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const match = useMatchLine();
  const keep = useKeepLine(statement.id);
  const { data, error, isPending, refetch } = useQuery(matchProposals(of.id));
  const waits = useDelayed(isPending);
  const [refused, setRefused] = useState<string[]>([]);
  const [paying, setPaying] = useState(false);
  const proposals = data ?? [];
  const offered = proposals.filter((one) => !refused.includes(one.payment.id));
  const [first] = offered;
  const may = can("bank_statement:match");
  const mayPay = can("payment:post") && can("party:read");
  // In a foreign currency somebody has to say what it was in riyals.
  const mayCharge = can("payment:post") && statement.currency === "SAR";

  const accept = (proposal: MatchProposal) => {
    if (!may || match.isPending) return;
    match.mutate(
      { line: of, paymentId: proposal.payment.id },
      {
        onSuccess: (answer) => {
          const matched = answer as BankLine;
          notifications.show({
            message: t("match.done", { number: matched.payment_number ?? "" }),
          });
          onDone();
          keep(matched);
        },
      },
    );
  };
  const refuse = () => {
    if (first) setRefused((before) => [...before, first.payment.id]);
  };
  const pay = () => {
    if (mayPay) setPaying(true);
  };
  useLineKeys({
    ...(first &&
      may && {
        y: () => {
          accept(first);
        },
        n: refuse,
      }),
    p: pay,
  });

  return (
    <div className={classes.suggestions} aria-busy={isPending}>
      <Refusal error={match.error} />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        waits && <Skeleton height={64} radius={8} />
      ) : first ? (
        <>
          <Offer of={first} />
          <Group gap={8}>
            {may && (
              <>
                <Button
                  loading={match.isPending}
                  onClick={() => {
                    accept(first);
                  }}
                >
                  {t("match.accept")}
                </Button>
                <Button variant="default" onClick={refuse}>
                  {t("match.refuse")}
                </Button>
              </>
            )}
            {mayPay && (
              <Button variant="subtle" onClick={pay}>
                {t("match.create")}
              </Button>
            )}
            {proposals.length > 1 && (
              <Text size="sm" c="dimmed" ms="auto">
                {t("match.other", {
                  index: proposals.indexOf(first) + 1,
                  count: proposals.length,
                })}
              </Text>
            )}
          </Group>
        </>
      ) : (
        <>
          <Text>
            {proposals.length > 0 ? t("match.noneLeft") : t("match.none")}{" "}
            {mayPay && t("match.noneCreate")}
          </Text>
          <Group gap={8}>
            {mayPay && <Button onClick={pay}>{t("match.create")}</Button>}
            {proposals.length > 0 && (
              <Button
                variant="default"
                onClick={() => {
                  setRefused([]);
                }}
              >
                {t("match.again")}
              </Button>
            )}
          </Group>
        </>
      )}
      {mayCharge && <LineCharges of={of} statement={statement} onDone={onDone} />}
      {paying && (
        <LinePaymentDialog
          of={of}
          statement={statement}
          onDone={onDone}
          onClose={() => {
            setPaying(false);
          }}
        />
      )}
    </div>
  );
}

const because = ["amount", "reference", "bank_account", "party", "day"] as const;

function Offer({ of }: { of: MatchProposal }) {
  const { t } = useTranslation("payments");
  const name = useName();
  const { payment, score, reasons } = of;
  return (
    <div className={classes.offer}>
      <div>
        <Anchor
          renderRoot={(props) => (
            <Link to="/payments/$paymentId" params={{ paymentId: payment.id }} {...props} />
          )}
        >
          <bdi>{payment.number}</bdi>
        </Anchor>{" "}
        <bdi>{name(named(payment))}</bdi>
        <small>
          <DateText day={payment.paid_on} /> · {t(`method.${payment.method}`)}
          {payment.reference && (
            <>
              {" · "}
              <bdi>{payment.reference}</bdi>
            </>
          )}
        </small>
      </div>
      <div>
        <Money amount={payment.amount} currency={payment.currency} />
        <small>
          {t("match.score", { score })} ·{" "}
          {because
            .filter((one) => reasons.includes(one))
            .map((one) => t(`match.because.${one}`))
            .join(" · ")}
        </small>
      </div>
    </div>
  );
}
