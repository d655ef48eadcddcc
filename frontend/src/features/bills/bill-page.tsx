import { Alert, Anchor, List, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import { placesIn } from "@/shared/format/align";
import { isZero } from "@/shared/format/decimal";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText } from "@/shared/ui/date-text";
import { Section } from "@/shared/ui/document-page";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";
import { WriteOffs } from "@/shared/ui/write-offs";

import { useBillCommands } from "./bill-commands";
import { BillEditor } from "./bill-editor";
import { BillStatus, standingOf } from "./bill-status";
import { Figures } from "./figures";
import { useBillWords } from "./history";
import { MatchTable } from "./match-table";
import { named } from "./names";
import { type Bill, bill, type BillLine, type Check, check, useBillMoved } from "./queries";
import { useDifferences } from "./use-differences";

type Payments = {
  /** The payments that answer a bill, from the feature that knows them. */
  payments?: ((of: Bill) => ReactNode) | undefined;
};

/** A bill: its editor while it is a draft of its own, else what it says and what may be done. */
export function BillPage({ payments }: Payments) {
  const { billId } = useParams({ from: "/shell/bills/$billId" });
  const { supplier } = useSearch({ from: "/shell/bills/$billId" });
  const can = useCan();
  // The bill that was begun here keeps its form when it gets an address of its own.
  const [begun, setBegun] = useState<string | null>(null);
  const isNew = billId === "new";
  const { data } = useQuery({ ...bill(billId), enabled: !isNew });
  if (isNew && !can("bill:create"))
    return <ErrorState error={new Problem("forbidden", 403, "", "")} />;
  if (isNew || (data?.state === "draft" && data.id === begun))
    return <BillEditor key="new" stored={null} supplierId={supplier} onCreated={setBegun} />;
  return (
    <Loaded query={bill(billId)}>
      {(of) =>
        of.source_id === null && of.next_commands.includes("edit") ? (
          <BillEditor key={of.id} stored={of} onCreated={setBegun} />
        ) : (
          <BillView key={of.id} of={of} payments={payments} />
        )
      }
    </Loaded>
  );
}

/** The draft of an order's bill, corrected after the supplier's paper. */
export function EditBill() {
  const { billId } = useParams({ from: "/shell/bills/$billId/edit" });
  return (
    <Loaded query={bill(billId)}>
      {(of) =>
        of.next_commands.includes("edit") ? (
          <BillEditor key={of.id} stored={of} />
        ) : (
          <BillView key={of.id} of={of} />
        )
      }
    </Loaded>
  );
}

function BillView({ of, payments }: { of: Bill } & Payments) {
  const { t } = useTranslation("bills");
  const name = useName();
  const can = useCan();
  const words = useBillWords();
  const moved = useBillMoved();
  const ofOrder = of.source_id !== null;
  const comparison = useQuery({ ...check(of.id), enabled: ofOrder });
  const commands = useBillCommands(of, comparison.data);
  const note = of.kind === "debit_note";
  const supplier = <bdi>{name(named(of))}</bdi>;
  return (
    <DocumentView
      back={{ link: { to: "/bills" }, label: t("list.title") }}
      title={of.number ?? t(note ? "noteOf" : "draftOf", { number: of.supplier_number })}
      subtitle={
        <>
          {t(`kind.${of.kind}`)} · {supplier}
        </>
      }
      state={of.state}
      flags={standingOf(of, "") !== null && <BillStatus of={of} />}
      commands={
        <CommandBar
          of={of}
          // Who matches and who may approve is purchasing's to say.
          next={ofOrder ? (comparison.data?.next_commands ?? []) : of.next_commands}
          commands={commands}
          onStale={() => {
            moved();
          }}
          onDone={() => undefined}
        />
      }
      notice={<Notice of={of} check={comparison.data} />}
      facts={[
        {
          label: t("field.supplier"),
          value: can("party:read") ? (
            <Anchor renderRoot={(props) => <Link to={`/parties/${of.supplier_id}`} {...props} />}>
              {supplier}
            </Anchor>
          ) : (
            supplier
          ),
        },
        { label: t("field.supplier_number"), value: <bdi>{of.supplier_number}</bdi> },
        { label: t("field.issued_on"), value: <DateText day={of.issued_on} /> },
        !note && { label: t("field.due_on"), value: <DateText day={of.due_on} /> },
        of.booked_on !== null &&
          of.booked_on !== of.issued_on && {
            label: t("field.booked_on"),
            value: <DateText day={of.booked_on} />,
          },
        of.vat_treatment !== "domestic" && {
          label: t("field.vat_treatment"),
          value: t(`treatment.${of.vat_treatment}`),
        },
        of.currency !== "SAR" && {
          label: t("field.exchange_rate"),
          value: (
            <>
              <Quantity amount={of.exchange_rate} /> SAR / {of.currency}
            </>
          ),
        },
        { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
        of.reason !== "" && {
          label: t("field.reason"),
          value: <bdi>{of.reason}</bdi>,
          wide: true,
        },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      totals={<Figures of={of} />}
      links={[
        ...of.links,
        ...(comparison.data?.links ?? []),
        ...(of.entry_id && can("journal_entry:read")
          ? [{ type: "journal_entry", id: of.entry_id, number: null }]
          : []),
      ]}
      aside={of.state === "posted" && payments?.(of)}
      history={{ id: of.id, version: of.version, ...words }}
    >
      <Refusal error={comparison.error} />
      <WriteOffs
        of={of}
        permission="bill:write_off"
        send={(one) =>
          ({ query, headers }) =>
            client.POST("/api/bills/{bill_id}/write-offs/{write_off_id}/take-back", {
              params: { path: { bill_id: of.id, write_off_id: one.id }, query },
              headers,
              body: {},
            })
          }
        onStale={() => {
          moved();
        }}
        onDone={(answer) => {
          moved(answer as Bill);
        }}
      />
      {ofOrder && !note && !comparison.error && (
        <Section title={t("match.title")} description={t("match.about")}>
          {comparison.data ? (
            <MatchTable of={comparison.data} />
          ) : (
            <Skeleton height={40 + 48 * of.lines.length} radius={8} aria-busy />
          )}
        </Section>
      )}
    </DocumentView>
  );
}

/** What stands in the way, and who has to do something about it. */
function Notice({ of, check }: { of: Bill; check: Check | undefined }) {
  const { t } = useTranslation("bills");
  const differences = useDifferences(of, check);
  if (of.state === "disputed")
    return (
      <Alert color="red" icon={<IconHandStop size={18} />} title={t("notice.disputed")}>
        <bdi>{of.reason}</bdi>
      </Alert>
    );
  if (!check || check.differences.length === 0 || of.state === "void" || of.state === "reversed")
    return null;
  const approved = check.state === "approved" && of.state !== "draft";
  return (
    <Alert
      color={approved ? "gray" : "orange"}
      icon={<IconAlertTriangle size={18} />}
      title={approved ? t("notice.approved", { reason: check.reason }) : t("notice.differs")}
    >
      <List size="sm">
        {differences.map((one) => (
          <List.Item key={one}>
            <bdi>{one}</bdi>
          </List.Item>
        ))}
      </List>
      {of.state === "draft" && !check.next_commands.includes("approve") && (
        <p style={{ margin: "8px 0 0" }}>{t("notice.somebodyElse")}</p>
      )}
    </Alert>
  );
}

function Lines({ of }: { of: Bill }) {
  const { t } = useTranslation("bills");
  const name = useName();
  const places = placesIn(of.lines.map((line) => line.quantity));
  const prices = placesIn(["0.00", ...of.lines.map((line) => line.unit_price)]);
  const spent = of.lines.some((line) => line.account_code);
  const discounted = of.lines.some((line) => !isZero(line.discount));
  const credited = of.lines.some((line) => !isZero(line.credited));
  return (
    <LinesTable<BillLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "what",
          label: t("line.what"),
          card: "title",
          cell: (line) => (
            <ProductCell
              name={name(line)}
              sku={line.sku}
              more={
                line.is_tax_only ? (
                  <StatusBadge tone="closed">{t("line.taxOnly")}</StatusBadge>
                ) : undefined
              }
            />
          ),
        },
        spent && {
          id: "account",
          label: t("line.account"),
          cell: (line) =>
            line.account_code && (
              <ProductCell
                name={name({
                  name_en: line.account_name_en ?? "",
                  name_ar: line.account_name_ar ?? "",
                })}
                sku={line.account_code}
              />
            ),
        },
        {
          id: "quantity",
          label: t("line.quantity"),
          align: "end",
          cell: (line) => (
            <AlignedQuantity
              amount={line.quantity}
              places={places}
              unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
            />
          ),
        },
        {
          id: "price",
          label: t("line.price"),
          align: "end",
          cell: (line) =>
            prices <= 2 ? (
              <Money amount={line.unit_price} />
            ) : (
              <AlignedQuantity amount={line.unit_price} places={prices} />
            ),
        },
        discounted && {
          id: "discount",
          label: t("line.discount"),
          align: "end",
          cell: (line) => !isZero(line.discount) && <Money amount={line.discount} />,
        },
        {
          id: "tax",
          label: t("line.tax"),
          cell: (line) =>
            line.tax_category === "S" ? (
              <span className="aw-figures">
                <Quantity amount={line.tax_rate} /> %
              </span>
            ) : (
              t(`tax.${line.tax_category}`)
            ),
        },
        credited && {
          id: "credited",
          label: t("line.credited"),
          align: "end",
          cell: (line) =>
            !isZero(line.credited) && <AlignedQuantity amount={line.credited} places={places} />,
        },
        {
          id: "net",
          label: t("line.net"),
          align: "end",
          card: "end",
          cell: (line) => <Money amount={line.net} />,
        },
      ]}
    />
  );
}
