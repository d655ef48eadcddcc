import { Button } from "@mantine/core";
import { IconAddressBook, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { countries, useNameOf } from "@/shared/ui/country-select";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { Money } from "@/shared/ui/money";

import { PartyStatus, useRole } from "./party-status";
import { parties, type Party } from "./queries";

export function PartyList() {
  const { t } = useTranslation("parties");
  const can = useCan();
  const name = useName();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<Party>
      name="parties"
      title={t("title")}
      searchLabel={t("search")}
      query={parties}
      columns={columns}
      filters={filters}
      usualSort="code"
      rowLabel={(row) => `${row.code} ${name(row)}`}
      rowLink={(row) => ({ to: "/parties/$partyId", params: { partyId: row.id } })}
      empty={{ icon: IconAddressBook, title: t("empty"), text: t("emptyText") }}
      action={
        can("party:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/parties/new" {...props} />}
          >
            {t("add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<Party>[] {
  const { t, i18n } = useTranslation("parties");
  const name = useName();
  const role = useRole();
  const country = useNameOf("region");
  return useMemo(
    () => [
      {
        id: "code",
        label: t("field.code"),
        sort: true,
        width: 120,
        card: "subtitle",
        cell: (row) => <span className="aw-ltr">{row.code}</span>,
      },
      {
        id: "name",
        label: t("name"),
        sort: i18n.language === "ar" ? "name_ar" : "name_en",
        card: "title",
        cell: (row) => <bdi>{name(row)}</bdi>,
      },
      {
        id: "role",
        label: t("role.title"),
        width: 160,
        card: "meta",
        cell: (row) => role(row),
      },
      {
        id: "is_business",
        label: t("kind.title"),
        width: 110,
        card: "none",
        cell: (row) => t(row.is_business ? "kind.business" : "kind.private"),
      },
      {
        id: "vat_number",
        label: t("field.vat_number"),
        width: 170,
        card: "none",
        cell: (row) => <span className="aw-ltr aw-figures">{row.vat_number}</span>,
      },
      {
        id: "city",
        label: t("city"),
        width: 140,
        hidden: true,
        card: "none",
        cell: (row) => <bdi>{name({ name_en: row.city_en, name_ar: row.city_ar })}</bdi>,
      },
      {
        id: "country",
        label: t("field.country"),
        width: 150,
        card: "meta",
        cell: (row) => country(row.country),
      },
      {
        id: "credit_limit",
        label: t("field.credit_limit"),
        width: 130,
        align: "end",
        hidden: true,
        card: "none",
        cell: (row) => <Money amount={row.credit_limit} />,
      },
      {
        id: "is_active",
        label: t("status.title"),
        width: 120,
        card: "end",
        cell: (row) => <PartyStatus party={row} />,
      },
    ],
    [t, i18n.language, name, role, country],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("parties");
  const all = countries();
  const country = useNameOf("region");
  return useMemo(
    () => [
      {
        id: "is_customer",
        type: "boolean",
        label: t("role.customer"),
        yes: t("role.customers"),
        no: t("role.noCustomers"),
      },
      {
        id: "is_supplier",
        type: "boolean",
        label: t("role.supplier"),
        yes: t("role.suppliers"),
        no: t("role.noSuppliers"),
      },
      {
        id: "is_business",
        type: "boolean",
        label: t("kind.title"),
        yes: t("kind.business"),
        no: t("kind.private"),
      },
      {
        id: "country",
        type: "select",
        label: t("field.country"),
        options: all.map((value) => ({ value, label: country(value) })),
      },
      {
        id: "is_active",
        type: "boolean",
        label: t("status.title"),
        yes: t("status.active"),
        no: t("status.inactive"),
      },
    ],
    [t, all, country],
  );
}
