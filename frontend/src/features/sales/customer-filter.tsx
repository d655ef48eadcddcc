import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { type Filter } from "@/shared/ui/data-table/types";
import { RecordSelect } from "@/shared/ui/record-select";

import { customer, findCustomers } from "./queries";

/** The filter of a list by customer. */
export function useCustomerFilter(): Filter {
  const { t } = useTranslation("sales");
  return useMemo(
    () => ({
      id: "customer_id",
      type: "custom",
      label: t("field.customer"),
      said: (id) => <CustomerName id={id} />,
      editor: (id, onChange) => <CustomerEditor id={id} onChange={onChange} />,
    }),
    [t],
  );
}

function CustomerName({ id }: { id: string }) {
  const name = useName();
  const { data } = useQuery(customer(id));
  return data ? <bdi>{name(data)}</bdi> : "…";
}

function CustomerEditor({
  id,
  onChange,
}: {
  id: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const { t } = useTranslation("sales");
  const name = useName();
  const { data } = useQuery({ ...customer(id ?? ""), enabled: !!id });
  return (
    <RecordSelect
      w={280}
      data-autofocus
      aria-label={t("field.customer")}
      placeholder={t("field.findCustomer")}
      comboboxProps={{ withinPortal: false }}
      value={id ?? null}
      chosen={data && name(data)}
      find={findCustomers}
      rowLabel={name}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  );
}
