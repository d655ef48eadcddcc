import { Button } from "@mantine/core";
import { IconMessageQuestion, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { supplierFilter } from "@/shared/goods/pickers";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState } from "@/shared/ui/document-status";

import { enquiries, type EnquiryRow } from "./queries";

const states = ["draft", "sent", "awarded", "cancelled"] as const;

export function EnquiryList() {
  const { t } = useTranslation("purchasing");
  const can = useCan();
  const { t: word } = useTranslation("documents");
  const columns = useMemo<Column<EnquiryRow>[]>(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 160,
        card: "title",
        cell: (row) =>
          row.number ? <span className="aw-ltr">{row.number}</span> : t("enquiries.unnumbered"),
      },
      {
        id: "state",
        label: t("field.state"),
        width: 160,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "answers",
        label: t("enquiries.answers"),
        card: "end",
        cell: (row) =>
          t("enquiries.waitingFor", { done: row.answer_count, total: row.supplier_count }),
      },
      {
        id: "answer_by",
        label: t("field.answer_by"),
        sort: true,
        width: 150,
        card: "meta",
        cell: (row) => <DateText day={row.answer_by} />,
      },
      {
        id: "needed_on",
        label: t("field.needed_on"),
        width: 150,
        card: "none",
        cell: (row) => <DateText day={row.needed_on} />,
      },
    ],
    [t],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("filter.state"),
        options: states.map((value) => ({ value, label: word(`state.${value}`) })),
      },
      supplierFilter(t("field.supplier")),
    ],
    [t, word],
  );
  return (
    <DataTable<EnquiryRow>
      name="enquiries"
      title={t("enquiries.title")}
      query={enquiries}
      columns={columns}
      filters={filters}
      usualSort="-id"
      searchLabel={t("enquiries.search")}
      rowLink={(row) => ({ to: "/enquiries/$enquiryId", params: { enquiryId: row.id } })}
      rowLabel={(row) => row.number ?? t("enquiries.unnumbered")}
      empty={{
        icon: IconMessageQuestion,
        title: t("enquiries.empty"),
        text: t("enquiries.emptyText"),
      }}
      action={
        can("enquiry:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/enquiries/$enquiryId" params={{ enquiryId: "new" }} {...props} />
            )}
          >
            {t("enquiries.add")}
          </Button>
        )
      }
    />
  );
}
