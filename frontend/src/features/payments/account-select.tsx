import { Select, type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { type Filter } from "@/shared/ui/data-table/types";

import { type Method, moneyAccounts } from "./queries";

type Props = Omit<SelectProps, "data">;

export function useMoneyAccounts() {
  const name = useName();
  const { data } = useQuery(moneyAccounts());
  return useMemo(() => {
    const all = data ?? [];
    return {
      all,
      choices: all.map((one) => ({ value: one.id, label: `${name(one)} · ${one.code}` })),
      /** Where such money usually lies. */
      usual: (method: Method) => {
        if (all.length === 1) return all[0]?.id ?? null;
        const role = method === "cash" ? "CASH" : "BANK";
        return all.find((one) => one.role === role)?.id ?? null;
      },
    };
  }, [data, name]);
}

export function AccountSelect(props: Props) {
  const { t } = useTranslation("payments");
  const { choices } = useMoneyAccounts();
  return (
    <Select
      allowDeselect={false}
      placeholder={t("field.chooseAccount")}
      searchable={choices.length > 8}
      {...props}
      data={choices}
    />
  );
}

/** The filter of a list by bank or cash account. */
export function useAccountFilter(): Filter {
  const { t } = useTranslation("payments");
  const { choices } = useMoneyAccounts();
  return useMemo(
    () => ({ id: "account_id", type: "select", label: t("field.account"), options: choices }),
    [t, choices],
  );
}
