import { type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { type Filter } from "@/shared/ui/data-table/types";
import { RecordSelect } from "@/shared/ui/record-select";

import { findParties, party, type Party, type Side } from "./queries";

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & {
  /** Only those who are one. */
  side?: Side;
  value: string | null;
  onChange: (id: string | null, row: Party | null) => void;
};

/** Who paid or is paid: a customer or a supplier. */
export function PartySelect({ side, value, onChange, ...rest }: Props) {
  const { t } = useTranslation("payments");
  const name = useName();
  const { data } = useQuery({ ...party(value ?? ""), enabled: !!value });
  return (
    <RecordSelect<Party>
      placeholder={t("field.findParty")}
      {...rest}
      value={value}
      chosen={data && name(data)}
      find={findParties(side ?? null)}
      rowLabel={name}
      onChange={onChange}
    />
  );
}

/** The filter of a list by party. */
export function usePartyFilter(): Filter {
  const { t } = useTranslation("payments");
  return useMemo(
    () => ({
      id: "party_id",
      type: "custom",
      label: t("field.party"),
      said: (id) => <PartyName id={id} />,
      editor: (id, onChange) => (
        <PartySelect
          w={280}
          data-autofocus
          aria-label={t("field.party")}
          comboboxProps={{ withinPortal: false }}
          value={id ?? null}
          onChange={(next) => {
            onChange(next ?? undefined);
          }}
        />
      ),
    }),
    [t],
  );
}

function PartyName({ id }: { id: string }) {
  const name = useName();
  const { data } = useQuery(party(id));
  return data ? <bdi>{name(data)}</bdi> : "…";
}
