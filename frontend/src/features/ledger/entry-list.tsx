import { Button } from "@mantine/core";
import { IconBook2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { entryKinds, useEntryKind } from "@/shared/ui/entry-kind";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { Money } from "@/shared/ui/money";
import { RecordSelect } from "@/shared/ui/record-select";

import { accountTree, entries, type EntryRow, findParties, flat, party } from "./queries";
import { SourceLink } from "./source-link";

export function EntryList() {
  const { t } = useTranslation("ledger");
  const can = useCan();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<EntryRow>
      name="journal-entries"
      title={t("entries.title")}
      query={entries}
      columns={columns}
      filters={filters}
      usualSort="-number"
      searchLabel={t("entries.search")}
      rowLink={(row) => ({ to: "/journal-entries/$entryId", params: { entryId: row.id } })}
      rowLabel={(row) => t("entry.title", { number: row.number })}
      empty={{ icon: IconBook2, title: t("entries.empty"), text: t("entries.emptyText") }}
      action={
        can("journal_entry:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/journal-entries/new" {...props} />}
          >
            {t("entries.add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<EntryRow>[] {
  const { t } = useTranslation("ledger");
  const kind = useEntryKind();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 100,
        card: "subtitle",
        cell: (row) => <span className="aw-figures">{row.number}</span>,
      },
      {
        id: "date",
        label: t("field.date"),
        sort: true,
        width: 130,
        card: "meta",
        cell: (row) => <DateText day={row.date} />,
      },
      {
        id: "memo",
        label: t("field.memo"),
        card: "title",
        cell: (row) => <bdi>{row.memo || kind(row.kind)}</bdi>,
      },
      {
        id: "kind",
        label: t("field.kind"),
        width: 140,
        card: "meta",
        cell: (row) => kind(row.kind),
      },
      {
        id: "source",
        label: t("field.source"),
        width: 150,
        // A card is a link itself, and no link stands within another.
        card: "none",
        cell: (row) => (
          <SourceLink type={row.source_type} id={row.source_id} number={row.source_number} />
        ),
      },
      {
        id: "posted_by",
        label: t("field.posted_by"),
        width: 150,
        hidden: true,
        card: "none",
        cell: (row) => <bdi>{row.posted_by_name}</bdi>,
      },
      {
        id: "posted_at",
        label: t("field.posted_at"),
        width: 150,
        hidden: true,
        card: "none",
        cell: (row) => <MomentText at={row.posted_at} />,
      },
      {
        id: "total",
        label: t("field.total"),
        sort: true,
        width: 150,
        align: "end",
        card: "end",
        cell: (row) => <Money amount={row.total} />,
      },
    ],
    [t, kind],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("ledger");
  const name = useName();
  const kind = useEntryKind();
  const can = useCan();
  const reads = can("account:read");
  const { data: tree } = useQuery({ ...accountTree(), enabled: reads });
  return useMemo(
    () => [
      { id: "date", type: "dates", label: t("field.date"), from: "date_from", to: "date_to" },
      {
        id: "kind",
        type: "select",
        label: t("field.kind"),
        options: entryKinds.map((value) => ({ value, label: kind(value) })),
      },
      {
        id: "account_id",
        type: "select",
        label: t("field.account"),
        options: flat(tree ?? [])
          .filter((one) => !one.is_group)
          .map((one) => ({ value: one.id, label: `${one.code} ${name(one)}` })),
      },
      {
        id: "party_id",
        type: "custom",
        label: t("field.party"),
        said: (id) => <PartyName id={id} />,
        editor: (id, onChange) => <PartyFilter id={id} onChange={onChange} />,
      },
    ],
    [t, tree, name, kind],
  );
}

function PartyName({ id }: { id: string }) {
  const name = useName();
  const { data } = useQuery(party(id));
  return data ? <bdi>{name(data)}</bdi> : "…";
}

function PartyFilter({
  id,
  onChange,
}: {
  id: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const { t } = useTranslation("ledger");
  const name = useName();
  const { data } = useQuery({ ...party(id ?? ""), enabled: !!id });
  return (
    <RecordSelect
      w={280}
      data-autofocus
      aria-label={t("field.party")}
      placeholder={t("field.findParty")}
      comboboxProps={{ withinPortal: false }}
      value={id ?? null}
      chosen={data && name(data)}
      find={findParties}
      rowLabel={name}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  );
}
