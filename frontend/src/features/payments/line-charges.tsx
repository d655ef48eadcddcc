import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";

import { isNegative } from "@/shared/format/decimal";
import { Refusal } from "@/shared/ui/error-state";

import {
  type BankLine,
  type ChargeIn,
  type Statement,
  useChargeLine,
  useKeepLine,
} from "./queries";
import { useLineKeys } from "./use-line-keys";

/** What banks take and give by themselves: each is one click, or one key. */
const charges = {
  out: [
    { key: "f", word: "fee", as: { kind: "fee", has_vat: false } },
    { key: "v", word: "feeWithVat", as: { kind: "fee", has_vat: true } },
  ],
  in: [
    { key: "i", word: "interest", as: { kind: "interest", has_vat: false } },
    { key: "f", word: "feeBack", as: { kind: "fee", has_vat: false } },
    { key: "v", word: "feeBackWithVat", as: { kind: "fee", has_vat: true } },
  ],
} as const satisfies Record<string, readonly { key: string; word: string; as: ChargeIn }[]>;

/** A line that belongs to nobody: a fee or interest, booked at once. */
export function LineCharges({
  of,
  statement,
  onDone,
}: {
  of: BankLine;
  statement: Statement;
  onDone: () => void;
}) {
  const { t } = useTranslation("payments");
  const charge = useChargeLine();
  const keep = useKeepLine(statement.id);
  const offered = charges[isNegative(of.amount) ? "out" : "in"];
  const book = (as: ChargeIn) => {
    if (charge.isPending) return;
    charge.mutate(
      { line: of, as },
      {
        onSuccess: (answer) => {
          notifications.show({ message: t("charge.done") });
          onDone();
          keep(answer as BankLine);
        },
      },
    );
  };
  useLineKeys(
    Object.fromEntries(
      offered.map(({ key, as }) => [
        key,
        () => {
          book(as);
        },
      ]),
    ),
  );
  return (
    <>
      <Refusal error={charge.error} />
      <Group gap={8} role="group" aria-label={t("charge.noParty")}>
        <Text size="sm" c="dimmed">
          {t("charge.noParty")}
        </Text>
        {offered.map(({ word, as }) => (
          <Button
            key={word}
            size="compact-sm"
            variant="default"
            loading={charge.isPending && charge.variables.as === as}
            onClick={() => {
              book(as);
            }}
          >
            {t(`charge.${word}`)}
          </Button>
        ))}
      </Group>
    </>
  );
}
