import { Button, Group, Skeleton, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { isNegative, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { DateText } from "@/shared/ui/date-text";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { useDocumentWord } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";

import classes from "./payments.module.css";
import { type Proposal } from "./queries";
import { type Allocating, type Taken } from "./use-allocation";

type Props = {
  allocation: Allocating;
  /** The party as the sentences call it. */
  party: string;
  currency: string;
  /** null: what the server suggests. */
  onChange: (own: Taken | null) => void;
  /** Make the amount of the payment what is allocated; left out where it is fixed. */
  onAmount?: (amount: string) => void;
  errorOf?: (index: number) => string | undefined;
};

/** Open documents, how much of the payment each gets, and what is left. */
export function AllocationFields(props: Props) {
  const { allocation, party, currency, onChange, onAmount, errorOf } = props;
  const { t } = useTranslation("payments");
  const { query, proposals, values, wishes, sum, left } = allocation;
  const waits = useDelayed(query.isPending);
  const format = useFormat();
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return waits ? <Skeleton height={120} radius={8} aria-busy /> : null;
  if (proposals.length === 0)
    return <Text c="dimmed">{t("allocate.none", { party, currency })}</Text>;
  const over = isNegative(left);
  return (
    <>
      <table className={classes.documents} aria-label={t("allocate.title")}>
        <thead>
          <tr>
            <th scope="col">{t("allocate.document")}</th>
            <th scope="col">{t("allocate.due")}</th>
            <th scope="col" data-align="end">
              {t("allocate.open")}
            </th>
            <th scope="col" data-align="end">
              {t("allocate.taken")}
            </th>
          </tr>
        </thead>
        <tbody>
          {proposals.map((one) => (
            <DocumentRow
              key={one.document_id}
              of={one}
              value={values[one.document_id] ?? ""}
              error={errorOf?.(wishes.findIndex((wish) => wish.document_id === one.document_id))}
              onChange={(amount) => {
                onChange({ ...values, [one.document_id]: amount });
              }}
            />
          ))}
        </tbody>
      </table>
      <div className={classes.left} data-over={over || undefined} role="status">
        <Group gap={8}>
          {allocation.isOwn && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                onChange(null);
              }}
            >
              {t("allocate.suggest")}
            </Button>
          )}
          {wishes.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                onChange({});
              }}
            >
              {t("allocate.clear")}
            </Button>
          )}
          {over && onAmount && (
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                onAmount(sum);
              }}
            >
              {t("allocate.useSum", { amount: format.money(sum) })}
            </Button>
          )}
        </Group>
        <dl>
          <dt>{over ? t("allocate.over") : t("allocate.left")}</dt>
          <dd>
            <Money amount={over ? left.slice(1) : left} />
          </dd>
        </dl>
      </div>
      {!over && !isZero(left) && (
        <Text size="sm" c="dimmed">
          {t("allocate.waits", { party })}
        </Text>
      )}
    </>
  );
}

function DocumentRow({
  of,
  value,
  error,
  onChange,
}: {
  of: Proposal;
  value: string;
  error: string | undefined;
  onChange: (amount: string) => void;
}) {
  const { t } = useTranslation("payments");
  const word = useDocumentWord();
  const number = of.number ?? of.reference;
  return (
    <tr>
      <td data-part="document">
        {word(of.kind)} <bdi>{number}</bdi>
        {of.reference && of.reference !== number && (
          <small>
            <bdi>{of.reference}</bdi>
          </small>
        )}
        {error && (
          <div role="alert" className={classes.error}>
            {error}
          </div>
        )}
      </td>
      <td data-part="due">
        <DateText day={of.due_on} />{" "}
        {of.due_on < isoDay(new Date()) && (
          <StatusBadge tone="bad">{t("allocate.overdue")}</StatusBadge>
        )}
      </td>
      <td data-align="end" data-part="open" data-label={t("allocate.open")}>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            onChange(of.open_amount);
          }}
        >
          <VisuallyHidden>{t("allocate.all", { number })}</VisuallyHidden>
          <Money amount={of.open_amount} />
        </Button>
      </td>
      <td data-align="end" data-part="taken">
        <DecimalInput
          size="sm"
          places={2}
          aria-label={t("allocate.amountFor", { number })}
          value={value}
          error={error !== undefined}
          onChange={onChange}
        />
      </td>
    </tr>
  );
}
