import { ActionIcon, Button, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconMinus, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { difference, isNegative, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { DateInput } from "@/shared/ui/date-input";
import { QuantityInput } from "@/shared/ui/quantity-input";

import classes from "./purchasing.module.css";
import { type OrderLine } from "./queries";
import { type Entry } from "./receive-values";

type EntriesProps = {
  line: OrderLine;
  entries: Entry[];
  tracking: string;
  hasExpiry: boolean;
  errorOf: (entry: Entry, field: string) => string | undefined;
  onChange: (key: string, values: Partial<Entry>) => void;
  onAdd: (quantity: string) => void;
  onRemove: (key: string) => void;
};

/** How many, and of which lot or serial number. */
export function ReceivedEntries(props: EntriesProps) {
  const { t } = useTranslation("purchasing");
  const { line, entries, tracking, hasExpiry, onChange, onAdd, onRemove, errorOf } = props;
  const first = entries[0];
  if (!first)
    return (
      <div className={classes.count}>
        <QuantityInput
          boxed
          aria-label={`${t("line.received")}: ${line.sku}`}
          placeholder="0"
          value=""
          onChange={onAdd}
        />
        <Step
          sign="more"
          onClick={() => {
            onAdd("1");
          }}
        />
      </div>
    );
  return (
    <Stack gap={12}>
      {entries.map((entry) => (
        <Stack key={entry.key} gap={8}>
          <div className={classes.count}>
            {tracking !== "serial" && (
              <Step
                sign="less"
                onClick={() => {
                  const less = difference(parseDecimal(entry.quantity) ?? "0", "1");
                  onChange(entry.key, { quantity: isNegative(less) ? "0" : less });
                }}
              />
            )}
            <QuantityInput
              boxed
              disabled={tracking === "serial"}
              aria-label={`${t("line.received")}: ${line.sku} ${entry.lot_code}`}
              invalid={!!errorOf(entry, "quantity")}
              value={entry.quantity}
              onChange={(quantity) => {
                onChange(entry.key, { quantity });
              }}
            />
            {tracking !== "serial" && (
              <Step
                sign="more"
                onClick={() => {
                  onChange(entry.key, {
                    quantity: total([parseDecimal(entry.quantity) ?? "0", "1"]),
                  });
                }}
              />
            )}
            {tracking !== "none" && (
              <ActionIcon
                size={44}
                aria-label={t("receive.removeLot")}
                onClick={() => {
                  onRemove(entry.key);
                }}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            )}
          </div>
          {tracking !== "none" && (
            <div className={classes.lot}>
              <TextInput
                size="md"
                aria-label={t(tracking === "serial" ? "receive.serial" : "receive.lot")}
                placeholder={t(tracking === "serial" ? "receive.serial" : "receive.lot")}
                dir="auto"
                maxLength={80}
                value={entry.lot_code}
                error={errorOf(entry, "lot_code")}
                onChange={(event) => {
                  onChange(entry.key, { lot_code: event.currentTarget.value });
                }}
              />
              {hasExpiry && (
                <DateInput
                  size="md"
                  aria-label={t("receive.expires")}
                  placeholder={t("receive.expires")}
                  value={entry.expires_on}
                  error={errorOf(entry, "expires_on")}
                  onChange={(expires_on) => {
                    onChange(entry.key, { expires_on });
                  }}
                />
              )}
            </div>
          )}
          {hasExpiry && entry.expires_on !== null && entry.expires_on < isoDay(new Date()) && (
            <Text size="sm" className={classes.warning} role="status">
              <IconAlertTriangle size={16} aria-hidden /> {t("receive.expired")}
            </Text>
          )}
        </Stack>
      ))}
      {tracking !== "none" && (
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            onAdd("1");
          }}
        >
          {t(tracking === "serial" ? "receive.anotherSerial" : "receive.splitLot")}
        </Button>
      )}
    </Stack>
  );
}

function Step({ sign, onClick }: { sign: "more" | "less"; onClick: () => void }) {
  const { t } = useTranslation("purchasing");
  const Icon = sign === "more" ? IconPlus : IconMinus;
  return (
    <ActionIcon variant="default" size={44} aria-label={t(`receive.${sign}`)} onClick={onClick}>
      <Icon size={20} aria-hidden />
    </ActionIcon>
  );
}
