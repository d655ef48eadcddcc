import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPackage } from "@tabler/icons-react";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { asProblem, fieldName } from "@/shared/api/problem";
import { difference, isNegative, isZero, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";
import { stockItem } from "@/shared/goods/places";
import { findGoods, isExactly, product } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { ProductCell } from "@/shared/ui/document-view";
import { EmptyState } from "@/shared/ui/empty-state";
import { Refusal } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { useKept } from "@/shared/ui/use-kept";
import { type Scanned, WorkScreen, WorkTarget } from "@/shared/ui/work-screen";

import { named } from "./names";
import classes from "./purchasing.module.css";
import {
  type Order,
  order,
  type OrderLine,
  type Receipt,
  receipt,
  useKeepReceipt,
  useSaveReceipt,
} from "./queries";
import { ReceiptDetails } from "./receipt-details";
import { ReceivedEntries } from "./receive-entries";
import { type Entry, type Counted, entryOf, begun, unitSize } from "./receive-values";
import { useUnitName } from "./unit-names";

export function Receive() {
  const { orderId } = useParams({ from: "/shell/purchase-orders/$orderId/receive" });
  const { receipt: draftId } = useSearch({ from: "/shell/purchase-orders/$orderId/receive" });
  return (
    <Loaded query={order(orderId)}>
      {(of) =>
        draftId ? (
          <Loaded query={receipt(draftId)}>{(draft) => <Begin of={of} draft={draft} />}</Loaded>
        ) : (
          <Begin of={of} draft={null} />
        )
      }
    </Loaded>
  );
}

/** What keeps goods from coming in on an order, by the words that say so; null when nothing does. */
const obstacleOf = (of: Order) =>
  of.on_hold
    ? "held"
    : ((
        {
          draft: "draft",
          pending_approval: "pending",
          closed: "ended",
          cancelled: "cancelled",
        } as const
      )[of.state as string] ?? null);

function Begin({ of, draft }: { of: Order; draft: Receipt | null }) {
  const { t } = useTranslation("purchasing");
  const obstacle = obstacleOf(of);
  const open = of.lines.filter(
    (line) =>
      (line.is_goods && !isZero(line.open_to_receive) && !isNegative(line.open_to_receive)) ||
      draft?.lines.some((one) => one.order_line_id === line.id),
  );
  if (obstacle || open.length === 0)
    return (
      <EmptyState
        page
        icon={IconPackage}
        title={t(`receive.${obstacle ?? "nothingOpen"}`)}
        action={
          <Button
            renderRoot={(props) => (
              <Link to="/purchase-orders/$orderId" params={{ orderId: of.id }} {...props} />
            )}
          >
            {t("receive.open")}
          </Button>
        }
      >
        {t(`receive.${obstacle ?? "nothingOpen"}Text`, { reason: of.reason })}
      </EmptyState>
    );
  return <Work of={of} open={open} draft={draft?.state === "draft" ? draft : null} />;
}

type WorkProps = { of: Order; open: OrderLine[]; draft: Receipt | null };

/** Receiving at the door, on a phone with a scanner: each scan counts one, or one box. */
function Work({ of, open, draft }: WorkProps) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const format = useFormat();
  const unitName = useUnitName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const save = useSaveReceipt();
  const keep = useKeepReceipt();
  const kept = useKept<Counted>(`receive.${draft?.id ?? of.id}`, begun(draft));
  const { value: counted, setValue } = kept;
  const [active, setActive] = useState<string | null>(open[0]?.id ?? null);
  const [continued, setContinued] = useState<Receipt | null>(draft);
  // Who leaves before posting comes back to the same draft: no second one is left behind.
  const drafted = useKept<Receipt | null>(`receive.draft.${of.id}`, null);
  const saved = draft ? continued : drafted.value;
  const setSaved = draft ? setContinued : drafted.setValue;
  const [asking, setAsking] = useState(false);
  const items = useQueries({
    queries: open.map((line) => ({
      ...stockItem(line.product_id ?? ""),
      enabled: line.product_id !== null,
    })),
  });
  const products = useQueries({
    queries: open.map((line) => ({
      ...product(line.product_id ?? ""),
      enabled: line.product_id !== null,
    })),
  });
  const itemOf = (line: OrderLine) => items[open.indexOf(line)]?.data;
  const productOf = (line: OrderLine) => products[open.indexOf(line)]?.data;
  const trackingOf = (line: OrderLine) => itemOf(line)?.tracking ?? "none";

  const change = (values: Partial<Counted>) => {
    setValue((before) => ({ ...before, ...values }));
  };
  const changeEntries = (next: (entries: Entry[]) => Entry[]) => {
    setValue((before) => ({ ...before, entries: next(before.entries) }));
  };
  const changeEntry = (key: string, values: Partial<Entry>) => {
    changeEntries((entries) =>
      entries.map((one) => (one.key === key ? { ...one, ...values } : one)),
    );
  };
  const entriesOf = (line: OrderLine) => counted.entries.filter((one) => one.line_id === line.id);
  const sumOf = (line: OrderLine) =>
    total(["0", ...entriesOf(line).map((one) => parseDecimal(one.quantity) ?? "0")]);

  /** One more of a line: onto its last lot, or, for serial numbers, another piece. */
  const countOne = (line: OrderLine, by: string): Scanned => {
    const serial = trackingOf(line) === "serial";
    const fresh = entryOf(line.id, { quantity: by });
    changeEntries((entries) => {
      const last = entries.findLast((one) => one.line_id === line.id);
      if (!last || serial) return [...entries, fresh];
      return entries.map((one) =>
        one === last ? { ...one, quantity: total([parseDecimal(one.quantity) ?? "0", by]) } : one,
      );
    });
    setActive(line.id);
    return {
      ok: true,
      text: `${line.sku} +${by}`,
      undo: () => {
        changeEntries((entries) => {
          const last = entries.findLast((one) => one.line_id === line.id);
          if (!last) return entries;
          const left = difference(parseDecimal(last.quantity) ?? "0", by);
          return isZero(left) || isNegative(left)
            ? entries.filter((one) => one !== last)
            : entries.map((one) => (one === last ? { ...one, quantity: left } : one));
        });
      },
    };
  };
  const scan = async (code: string): Promise<Scanned> => {
    // After a product kept by lot or serial number, the next code is that number.
    const current = open.find((line) => line.id === active);
    const waiting =
      current && trackingOf(current) !== "none"
        ? counted.entries.findLast((one) => one.line_id === current.id && one.lot_code === "")
        : undefined;
    const known = await findLine(code);
    if (!known && waiting && current) {
      changeEntry(waiting.key, { lot_code: code });
      return {
        ok: true,
        text: `${current.sku} ${code}`,
        undo: () => {
          changeEntry(waiting.key, { lot_code: "" });
        },
      };
    }
    if (!known) return { ok: false, text: t("receive.notOrdered", { code }) };
    return countOne(known.line, known.by);
  };
  const findLine = async (code: string) => {
    const here = open.find((line) => {
      const of = productOf(line);
      return of ? isExactly(of, code) : line.sku.toLowerCase() === code.toLowerCase();
    });
    const found = here
      ? productOf(here)
      : await cache
          .query({ ...findGoods(code), staleTime: 60_000 })
          .then((answer) => answer.items.find((one) => isExactly(one, code)))
          .catch(() => undefined);
    const line = here ?? open.find((one) => one.product_id === found?.id);
    return line ? { line, by: found ? unitSize(found, code) : "1" } : null;
  };

  const lines = counted.entries.filter((one) => !isZero(parseDecimal(one.quantity) ?? "0"));
  const receivedLines = open.filter((line) => !isZero(sumOf(line)));
  const problem = save.error && asProblem(save.error);
  const errors = new Map(problem?.errors.map((one) => [fieldName(one.pointer), one.message]));
  const errorOf = (entry: Entry, field: string) =>
    errors.get(`lines.${lines.indexOf(entry)}.${field}`);
  const submit = () => {
    if (lines.length === 0 || save.isPending) return;
    save.mutate(
      {
        of: saved,
        orderId: of.id,
        values: {
          delivery_note: counted.delivery_note,
          ...(counted.received_on && { received_on: counted.received_on }),
          lines: lines.map((one) => {
            const line = open.find((row) => row.id === one.line_id);
            const unit = line && productOf(line)?.unit_id;
            return {
              order_line_id: one.line_id,
              quantity: parseDecimal(one.quantity) ?? one.quantity,
              ...(unit && { unit_id: unit }),
              lot_code: one.lot_code,
              ...(one.expires_on && { expires_on: one.expires_on }),
              ...(counted.location_id && { location_id: counted.location_id }),
            };
          }),
        },
      },
      {
        onSuccess: (answer) => {
          setSaved(answer);
          setAsking(true);
        },
        onError: (error) => {
          // The draft has gone on, or away, elsewhere: the next try writes another one.
          if ([404, 409, 412].includes(asProblem(error).status)) drafted.startOver();
        },
      },
    );
  };
  const target = open.find((line) => line.id === active);
  const unitOfLine = (line: OrderLine) => unitName(productOf(line)?.unit_id ?? null);

  return (
    <WorkScreen
      back={{
        link: { to: "/purchase-orders/$orderId", params: { orderId: of.id } },
        label: of.number ?? t("receive.back"),
      }}
      title={t("receive.title", { number: of.number ?? name(named(of)) })}
      progress={{ done: receivedLines.length, total: open.length }}
      scanLabel={t("receive.scan")}
      onScan={scan}
      target={
        target ? (
          <WorkTarget
            title={name(target)}
            code={
              <>
                <bdi>{target.sku}</bdi>
                {target.supplier_sku && <> · {target.supplier_sku}</>}
              </>
            }
            count={
              <>
                <span className="aw-ltr">
                  {format.quantity(sumOf(target))} / {format.quantity(target.open_to_receive)}
                </span>{" "}
                <small>{unitOfLine(target)}</small>
              </>
            }
          >
            <ReceivedEntries
              line={target}
              entries={entriesOf(target)}
              tracking={trackingOf(target)}
              hasExpiry={itemOf(target)?.has_expiry ?? false}
              errorOf={errorOf}
              onChange={changeEntry}
              onAdd={(quantity) => {
                changeEntries((entries) => [...entries, entryOf(target.id, { quantity })]);
              }}
              onRemove={(key) => {
                changeEntries((entries) => entries.filter((one) => one.key !== key));
              }}
            />
          </WorkTarget>
        ) : (
          <WorkTarget title={t("receive.next")} />
        )
      }
      primary={{
        label: t("receive.post", { count: receivedLines.length }),
        reason: lines.length === 0 ? t("receive.nothing") : null,
        loading: save.isPending,
        onClick: submit,
      }}
      notice={
        problem && (
          <Refusal
            error={problem}
            more={problem.errors.map((one) => one.message).filter((one) => one !== problem.detail)}
          />
        )
      }
    >
      <ReceiptDetails
        of={counted}
        warehouseId={of.warehouse_id}
        errorOf={(field) => errors.get(field)}
        onChange={change}
      />
      <ul className={classes.received} aria-label={t("receive.lines")}>
        {open.map((line) => {
          const sum = sumOf(line);
          const done = !isNegative(difference(sum, line.open_to_receive));
          return (
            <li
              key={line.id}
              className={`aw-card ${classes.line ?? ""}`}
              data-active={line.id === active || undefined}
            >
              <header>
                <button
                  type="button"
                  className={classes.pick}
                  aria-pressed={line.id === active}
                  onClick={() => {
                    setActive(line.id);
                  }}
                >
                  <ProductCell name={name(line)} sku={line.sku} />
                </button>
                <span className={classes.sum} data-done={done || undefined}>
                  <span className="aw-ltr aw-figures">
                    {format.quantity(sum)} / {format.quantity(line.open_to_receive)}
                  </span>{" "}
                  <small>{unitOfLine(line)}</small>
                </span>
              </header>
              {trackingOf(line) === "none" && !done && (
                <Button
                  variant="default"
                  size="compact-md"
                  style={{ alignSelf: "start" }}
                  aria-label={`${t("receive.all")}: ${line.sku}`}
                  onClick={() => {
                    changeEntries((entries) => [
                      ...entries.filter((one) => one.line_id !== line.id),
                      entryOf(line.id, { quantity: line.open_to_receive }),
                    ]);
                    setActive(line.id);
                  }}
                >
                  {t("receive.all")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {asking && saved && (
        <CommandDialog
          of={saved}
          title={t("receive.postTitle")}
          verb={t("receive.postVerb")}
          text={t("receipts.postText")}
          send={({ query, headers }) =>
            client.POST("/api/receipts/{receipt_id}/post", {
              params: { path: { receipt_id: saved.id }, query },
              headers,
            })
          }
          onDone={(answer) => {
            kept.forget();
            drafted.forget();
            keep(answer);
            const posted = answer as Receipt;
            notifications.show({ message: t("receive.done", { number: posted.number ?? "" }) });
            void navigate({
              to: "/receipts/$receiptId",
              params: { receiptId: posted.id },
              replace: true,
            });
          }}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </WorkScreen>
  );
}
