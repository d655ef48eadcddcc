import { Select, type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { bankAccounts } from "./queries";

type Props = Omit<SelectProps, "data" | "value"> & { party: string; value: string | null };

/** To which of a party's accounts, by the end of its IBAN; nothing for a party that has none. */
export function BankAccountSelect({ party, value, ...rest }: Props) {
  const { t } = useTranslation("banking");
  const { data = [] } = useQuery(bankAccounts(party));
  if (data.length === 0) return null;
  return (
    <Select
      label={t("field.bank_account")}
      placeholder={t("field.chooseAccount")}
      clearable
      {...rest}
      value={data.some((one) => one.id === value) ? value : null}
      data={data.map((one) => ({
        value: one.id,
        // The mask reads from left to right in an Arabic sentence, too.
        label: ["\u2066" + one.iban + "\u2069", one.bank_name].filter(Boolean).join(" · "),
      }))}
    />
  );
}
