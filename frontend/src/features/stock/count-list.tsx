import { Button, Modal, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChecklist, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { PlaceSelect, useWarehouseFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentState } from "@/shared/ui/document-status";
import { Refusal } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";
import { placeErrors } from "@/shared/ui/line-errors";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { RecordSelect } from "@/shared/ui/record-select";

import { type CountRow, counts, useDraftCount } from "./count-queries";

const states = ["draft", "counting", "review", "posted", "cancelled"] as const;

export function CountList() {
  const { t } = useTranslation("stock");
  const { t: word } = useTranslation("documents");
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/counts" });
  const columns = useColumns();
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: states.map((value) => ({ value, label: word(`state.${value}`) })),
      },
      warehouse,
      {
        id: "is_scheduled",
        type: "boolean",
        label: t("counts.origin"),
        yes: t("counts.scheduled"),
        no: t("counts.byHand"),
      },
    ],
    [t, word, warehouse],
  );
  const show = (edit: string | undefined) =>
    void navigate({
      to: "/counts",
      search: edit
        ? { ...search, edit }
        : Object.fromEntries(
            Object.entries(search).filter(([field]) => field !== "edit" && field !== "place"),
          ),
    });
  return (
    <>
      <DataTable<CountRow>
        name="counts"
        title={t("counts.title")}
        query={counts}
        columns={columns}
        filters={filters}
        searchLabel={t("counts.search")}
        rowLink={(row) => ({ to: "/counts/$countId", params: { countId: row.id } })}
        rowLabel={(row) => row.number ?? t("counts.draftOf", { place: row.location_code })}
        empty={{ icon: IconChecklist, title: t("counts.empty"), text: t("counts.emptyText") }}
        action={
          can("count:create") && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                show("new");
              }}
            >
              {t("counts.add")}
            </Button>
          )
        }
      />
      {search.edit === "new" && (
        <NewCount
          place={search.place ?? null}
          onClose={() => {
            show(undefined);
          }}
        />
      )}
    </>
  );
}

function useColumns(): Column<CountRow>[] {
  const { t } = useTranslation("stock");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 150,
        card: "subtitle",
        cell: (row) => (row.number ? <span className="aw-ltr">{row.number}</span> : "—"),
      },
      {
        id: "place",
        label: t("counts.what"),
        card: "title",
        cell: (row) => (
          <bdi>
            {row.location_code}{" "}
            {name({ name_en: row.location_name_en, name_ar: row.location_name_ar })}
            {row.category_id && (
              <small>
                {" · "}
                {name({
                  name_en: row.category_name_en ?? "",
                  name_ar: row.category_name_ar ?? "",
                })}
              </small>
            )}
          </bdi>
        ),
      },
      {
        id: "state",
        label: t("field.state"),
        sort: true,
        width: 150,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "figures",
        label: t("counts.counted"),
        width: 140,
        align: "end",
        card: "end",
        cell: (row) => (
          <span className="aw-figures">
            {row.figures.counted} / {row.figures.lines}
          </span>
        ),
      },
      {
        id: "started_at",
        label: t("counts.startedAt"),
        width: 150,
        card: "none",
        cell: (row) => <MomentText at={row.started_at} />,
      },
      {
        id: "posted_on",
        label: t("field.posted_on"),
        sort: true,
        width: 130,
        card: "none",
        cell: (row) => <DateText day={row.posted_on} />,
      },
      {
        id: "lost",
        needs: "cost:read",
        label: t("counts.lost"),
        width: 120,
        align: "end",
        card: "none",
        cell: (row) => row.state === "posted" && <Money amount={row.lost} />,
      },
      {
        id: "gained",
        needs: "cost:read",
        label: t("counts.gained"),
        width: 120,
        align: "end",
        card: "none",
        cell: (row) => row.state === "posted" && <Money amount={row.gained} />,
      },
    ],
    [t, name],
  );
}

/** What shall be counted; counting itself is another step. */
function NewCount({ place, onClose }: { place: string | null; onClose: () => void }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const draft = useDraftCount();
  const [location, setLocation] = useState<string | null>(place);
  const [category, setCategory] = useState<string | null>(null);
  const [notes, setNotes] = useState("");
  const errors = placeErrors(
    draft.error && asProblem(draft.error),
    [],
    ["location_id", "category_id", "notes"],
  );
  const create = () => {
    if (!location) return;
    draft.mutate(
      { location_id: location, category_id: category, product_ids: [], notes },
      {
        onSuccess: (made) => {
          notifications.show({ message: t("counts.created") });
          void navigate({ to: "/counts/$countId", params: { countId: made.id } });
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("counts.add")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Refusal error={draft.error} more={errors.rest} />
        <PlaceSelect
          label={t("counts.where")}
          description={t("counts.whereHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={t("field.findLocation")}
          required
          data-autofocus
          comboboxProps={{ withinPortal: true }}
          warehouseId={null}
          value={location}
          error={errors.of("location_id")}
          onChange={setLocation}
        />
        {can("category:read") && (
          <RecordSelect<Schemas["CategoryOut"]>
            clearable
            label={t("counts.onlyCategory")}
            placeholder={t("counts.everything")}
            value={category}
            error={errors.of("category_id")}
            find={(text) => ({
              queryKey: ["catalog", "categories", "named", text],
              queryFn: ({ signal }: { signal: AbortSignal }) =>
                ask(
                  client.GET("/api/categories", {
                    params: { query: { limit: 20, ...(text && { q: text }) } },
                    signal,
                  }),
                ),
            })}
            rowLabel={name}
            onChange={(id) => {
              setCategory(id);
            }}
          />
        )}
        <Textarea
          label={t("field.notes")}
          autosize
          minRows={2}
          maxLength={2000}
          value={notes}
          error={errors.of("notes")}
          onChange={(event) => {
            setNotes(event.currentTarget.value);
          }}
        />
        <ReasonedButton
          reason={location ? null : t("counts.whereFirst")}
          loading={draft.isPending}
          onClick={create}
        >
          {t("counts.create")}
        </ReasonedButton>
      </Stack>
    </Modal>
  );
}
