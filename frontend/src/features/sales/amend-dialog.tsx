import { Button, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client, type Schemas } from "@/shared/api/client";
import { isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { GoodsLines, isBlankLine, isReadyLine } from "@/shared/ui/goods-lines";
import { QuantitiesTable } from "@/shared/ui/quantities-table";

import { useOrderAvailability } from "./availability";
import { useOrderHelp } from "./order-help";
import { emptyLine, sentLine } from "./order-values";
import { type Order } from "./queries";

type Amended = Schemas["AmendedLineIn"];
type Props = { of: Order; onClose: () => void; onDone: (answer: unknown) => void };

/** Change what was promised without undoing what followed from it. */
export function AmendDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const name = useName();
  const help = useOrderHelp(of);
  const availability = useOrderAvailability(of.warehouse_id);
  const [quantities, setQuantities] = useState<Record<string, string>>(() =>
    Object.fromEntries(of.lines.map((line) => [line.id, line.quantity])),
  );
  const [prices, setPrices] = useState<Record<string, string>>(() =>
    Object.fromEntries(of.lines.map((line) => [line.id, line.unit_price])),
  );
  const [added, setAdded] = useState(() => [] as ReturnType<typeof emptyLine>[]);
  const [promised_on, setDay] = useState(of.promised_on);
  const [reference, setReference] = useState(of.reference);

  const lines = of.lines.flatMap((line): Amended[] => {
    const quantity = parseDecimal(quantities[line.id] ?? "") ?? quantities[line.id] ?? "";
    const price = parseDecimal(prices[line.id] ?? "") ?? prices[line.id] ?? "";
    const change: Amended = {
      line_id: line.id,
      ...(quantity !== line.quantity && { quantity }),
      ...(price !== line.unit_price && { unit_price: price }),
    };
    return Object.keys(change).length > 1 ? [change] : [];
  });
  const begun = added.filter((line) => !isBlankLine(line));
  const body = {
    lines,
    new_lines: begun.map(sentLine),
    ...(promised_on && promised_on !== of.promised_on && { promised_on }),
    ...(reference !== of.reference && { reference }),
  };
  const changes = lines.length + begun.length + Object.keys(body).length - 2;
  const parts = of.lines.map((line) => ({
    key: line.id,
    sku: line.sku,
    name_en: line.name_en,
    name_ar: line.name_ar,
    unit: name({ name_en: line.unit_en, name_ar: line.unit_ar }),
    locked: !isZero(line.invoiced),
  }));
  return (
    <CommandDialog
      of={of}
      title={t("amend.title", { number: of.number ?? "" })}
      verb={t("amend.verb")}
      size="xl"
      text={t("amend.text", { revision: of.revision + 1 })}
      help={help}
      asked={body}
      ready={changes > 0 && begun.every(isReadyLine)}
      send={({ query, headers }) =>
        client.POST("/api/sales-orders/{order_id}/amend", {
          params: { path: { order_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <Stack gap={16}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <DateInput
              label={t("field.promised_on")}
              value={promised_on}
              error={errorOf("promised_on")}
              onChange={setDay}
            />
            <TextInput
              label={t("field.reference")}
              value={reference}
              maxLength={120}
              onChange={(event) => {
                setReference(event.currentTarget.value);
              }}
            />
          </SimpleGrid>
          <QuantitiesTable
            label={t("section.lines")}
            typedLabel={t("line.quantity")}
            parts={parts}
            values={quantities}
            onChange={setQuantities}
            errorOf={(part) =>
              errorOf(`lines.${lines.findIndex((one) => one.line_id === part.key)}.quantity`)
            }
            below={(part) => (
              <DecimalInput
                mt={4}
                w={140}
                size="xs"
                aria-label={t("amend.priceOf", { item: name(part) })}
                leftSection={<small>{t("line.price")}</small>}
                leftSectionWidth={52}
                disabled={part.locked}
                value={prices[part.key] ?? ""}
                onChange={(price) => {
                  setPrices((before) => ({ ...before, [part.key]: price }));
                }}
              />
            )}
          />
          {added.length > 0 ? (
            <GoodsLines
              label={t("amend.added")}
              lines={added}
              onChange={setAdded}
              newLine={emptyLine}
              availability={availability}
              withScanner={false}
              fields={[
                {
                  id: "unit_price",
                  label: t("line.price"),
                  width: 96,
                  align: "end",
                  kind: "number",
                },
                { id: "discount", label: t("line.discount"), width: 80, align: "end" },
              ]}
            />
          ) : (
            <Button
              variant="subtle"
              size="compact-sm"
              style={{ alignSelf: "start" }}
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                setAdded([emptyLine()]);
              }}
            >
              {t("amend.add")}
            </Button>
          )}
        </Stack>
      )}
    </CommandDialog>
  );
}
