import { ActionIcon, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChecklist, IconMinus, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { difference, isNegative, isZero, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";
import { PlaceSelect } from "@/shared/goods/pickers";
import { findPlaces, type Place, place, stockItem } from "@/shared/goods/places";
import { findGoods, isExactly, type Product, unitOf } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { EmptyState } from "@/shared/ui/empty-state";
import { Refusal } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { ProductCell } from "@/shared/ui/document-view";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { QuantityInput } from "@/shared/ui/quantity-input";
import { useKept } from "@/shared/ui/use-kept";
import { type Scanned, WorkScreen, WorkTarget } from "@/shared/ui/work-screen";

import { type Count, count, type CountLine, countLines, useEnterCounts } from "./count-queries";
import classes from "./stock.module.css";

/** What was counted here and is not yet sent. */
type Tally = {
  product_id: string;
  sku: string;
  name_en: string;
  name_ar: string;
  place_id: string;
  lot_code: string | null;
  quantity: string;
};

type Spot = { id: string; code: string };

/** What can be sent: a number of pieces, of which there may be none but never less. */
const isQuantity = (text: string) => {
  const number = parseDecimal(text);
  return number !== null && !isNegative(number);
};

const keyOf = (of: { product_id: string; place_id: string; lot_code: string | null }) =>
  `${of.place_id} ${of.product_id} ${of.lot_code ?? ""}`;

export function CountWork() {
  const { countId } = useParams({ from: "/shell/counts/$countId/work" });
  return (
    <Loaded query={count(countId)}>
      {(of) => (of.state === "counting" ? <Ready of={of} /> : <NotNow of={of} />)}
    </Loaded>
  );
}

function NotNow({ of }: { of: Count }) {
  const { t } = useTranslation("stock");
  return (
    <EmptyState
      page
      icon={IconChecklist}
      title={t("work.notNow")}
      action={
        <Button
          renderRoot={(props) => (
            <Link to="/counts/$countId" params={{ countId: of.id }} {...props} />
          )}
        >
          {of.number ?? t("counts.one")}
        </Button>
      }
    />
  );
}

/** Where everything to count stands in one place, nobody needs to scan it. */
function Ready({ of }: { of: Count }) {
  return (
    <Loaded query={countLines(of.id, 0)}>
      {({ items }) => {
        const spots = new Map(items.map((line) => [line.location_id, line.location_code]));
        const [only] = [...spots];
        const start: Spot | null =
          spots.size === 0
            ? { id: of.location_id, code: of.location_code }
            : spots.size === 1 && only
              ? { id: only[0], code: only[1] }
              : null;
        return <Work of={of} start={start} />;
      }}
    </Loaded>
  );
}

/** Counting in the aisles: blind, with a scanner, place by place. */
function Work({ of, start }: { of: Count; start: Spot | null }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const format = useFormat();
  const cache = useQueryClient();
  const enter = useEnterCounts(of.id);
  const kept = useKept<Tally[]>(`count.${of.id}`, []);
  const [spot, setSpot] = useState<Spot | null>(start);
  const [active, setActive] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<Product | null>(null);
  const tallies = kept.value.filter((one) => one.place_id === spot?.id);
  const current = tallies.find((one) => keyOf(one) === active);
  const unclear = tallies.find((one) => !isQuantity(one.quantity));
  const nothing = tallies.length === 0 ? t("work.nothingHere") : null;
  const missing = unclear ? t("work.unclear", { sku: unclear.sku }) : nothing;
  const [emptying, setEmptying] = useState(false);
  const { data: lines } = useQuery({
    ...countLines(of.id, of.version, { location_id: spot?.id ?? "" }),
    enabled: spot !== null,
  });

  const change = (key: string, quantity: (before: string) => string) => {
    enter.reset();
    kept.setValue((before) =>
      before.map((one) =>
        keyOf(one) === key ? { ...one, quantity: quantity(one.quantity) } : one,
      ),
    );
  };
  const add = (product: Product, lot: string | null, by: string, at: Spot): Scanned => {
    const made: Tally = {
      product_id: product.id,
      sku: product.sku,
      name_en: product.name_en,
      name_ar: product.name_ar,
      place_id: at.id,
      lot_code: lot,
      quantity: by,
    };
    const key = keyOf(made);
    kept.setValue((before) =>
      before.some((one) => keyOf(one) === key)
        ? before.map((one) =>
            keyOf(one) === key
              ? { ...one, quantity: total([parseDecimal(one.quantity) ?? "0", by]) }
              : one,
          )
        : [...before, made],
    );
    setActive(key);
    return {
      ok: true,
      text: `${product.sku}${lot ? ` ${lot}` : ""} +${by}`,
      undo: () => {
        kept.setValue((before) =>
          before.flatMap((one) => {
            if (keyOf(one) !== key) return [one];
            const left = difference(parseDecimal(one.quantity) ?? "0", by);
            return isZero(left) || isNegative(left) ? [] : [{ ...one, quantity: left }];
          }),
        );
      },
    };
  };
  const placeCalled = async (code: string): Promise<Place | undefined> => {
    const found = await cache
      .query({ ...findPlaces(of.warehouse_id, code), staleTime: 60_000 })
      .catch(() => ({ items: [] as Place[] }));
    return found.items.find((one) => one.code.toLowerCase() === code.toLowerCase());
  };
  const scan = async (code: string): Promise<Scanned> => {
    if (waiting && spot) {
      const product = waiting;
      setWaiting(null);
      return add(product, code, "1", spot);
    }
    const found = await cache
      .query({ ...findGoods(code), staleTime: 60_000 })
      .catch(() => ({ items: [] as Product[] }));
    const product = found.items.find((one) => isExactly(one, code));
    if (!product) {
      const called = await placeCalled(code);
      if (!called) return { ok: false, text: t("work.unknown", { code }) };
      setSpot({ id: called.id, code: called.code });
      setActive(null);
      return { ok: true, text: t("work.nowAt", { place: called.code }) };
    }
    if (!spot) return { ok: false, text: t("work.placeFirst") };
    const how = await cache
      .query({ ...stockItem(product.id), staleTime: 60_000 })
      .catch(() => null);
    if (how && how.tracking !== "none") {
      setWaiting(product);
      setActive(null);
      return { ok: true, text: `${product.sku}: ${t("work.needsLot")}` };
    }
    return add(product, null, unitSize(product, code), spot);
  };
  const save = (and?: () => void) => {
    if (missing !== null || enter.isPending) return;
    const sent = new Set(tallies.map(keyOf));
    enter.mutate(
      tallies.map((one) => ({
        product_id: one.product_id,
        location_id: one.place_id,
        ...(one.lot_code && { lot_code: one.lot_code }),
        quantity: parseDecimal(one.quantity) ?? one.quantity,
      })),
      {
        onSuccess: () => {
          kept.setValue((before) => before.filter((one) => !sent.has(keyOf(one))));
          setActive(null);
          notifications.show({ message: t("work.kept", { count: sent.size }) });
          and?.();
        },
      },
    );
  };
  const uncounted = (lines?.items ?? []).filter(
    (line) =>
      (line.counted === null || line.needs_recount) &&
      !tallies.some((one) => one.product_id === line.product_id && one.lot_code === line.lot_code),
  );
  const emptyRest = () => {
    enter.mutate(
      uncounted.map((line) => ({ line_id: line.id, quantity: "0" })),
      {
        onSuccess: () => {
          setEmptying(false);
          notifications.show({ message: t("work.kept", { count: uncounted.length }) });
        },
      },
    );
  };

  return (
    <WorkScreen
      back={{
        link: { to: "/counts/$countId", params: { countId: of.id } },
        label: of.number ?? t("counts.one"),
      }}
      title={t("work.title", { place: of.location_code })}
      progress={{ done: of.figures.counted, total: of.figures.lines }}
      scanLabel={waiting ? t("work.lotHint") : t("work.scan")}
      onScan={scan}
      target={
        spot === null ? (
          <WorkTarget title={t("work.choosePlace")}>
            <PlaceSelect
              size="md"
              aria-label={t("work.choosePlaceText")}
              placeholder={t("work.choosePlaceText")}
              warehouseId={of.warehouse_id}
              value={null}
              onChange={(id) => {
                if (!id) return;
                void cache.query(place(id)).then((found) => {
                  setSpot({ id, code: found.code });
                });
              }}
            />
          </WorkTarget>
        ) : waiting ? (
          <WorkTarget place={spot.code} title={name(waiting)} code={waiting.sku}>
            <strong>{t("work.needsLot")}</strong>
          </WorkTarget>
        ) : current ? (
          <WorkTarget
            place={<span className="aw-ltr">{spot.code}</span>}
            title={name(current)}
            code={
              <>
                {current.sku} {current.lot_code}
              </>
            }
          >
            <div className={classes.counter}>
              <ActionIcon
                variant="default"
                size={56}
                aria-label={t("work.less")}
                onClick={() => {
                  change(keyOf(current), (before) => {
                    const less = difference(parseDecimal(before) ?? "0", "1");
                    return isNegative(less) ? "0" : less;
                  });
                }}
              >
                <IconMinus size={24} aria-hidden />
              </ActionIcon>
              <QuantityInput
                boxed
                aria-label={t("work.counted")}
                invalid={!isQuantity(current.quantity) && current.quantity.trim() !== ""}
                value={current.quantity}
                onChange={(value) => {
                  change(keyOf(current), () => value);
                }}
              />
              <ActionIcon
                variant="default"
                size={56}
                aria-label={t("work.add")}
                onClick={() => {
                  change(keyOf(current), (before) => total([parseDecimal(before) ?? "0", "1"]));
                }}
              >
                <IconPlus size={24} aria-hidden />
              </ActionIcon>
            </div>
          </WorkTarget>
        ) : (
          <WorkTarget
            place={<span className="aw-ltr">{spot.code}</span>}
            title={t("work.chooseProduct")}
          />
        )
      }
      primary={{
        label: t("work.save"),
        reason: missing,
        loading: enter.isPending,
        onClick: () => {
          save();
        },
      }}
      notice={<Refusal error={emptying ? null : enter.error} />}
    >
      {spot && (
        <section className="aw-card" style={{ padding: 16 }} aria-label={t("work.done")}>
          <strong>{t("work.done")}</strong>
          <ul className={classes.here}>
            {tallies.map((one) => (
              <li key={keyOf(one)}>
                <ProductCell name={name(one)} sku={one.sku} more={one.lot_code} />
                <span className="aw-figures">
                  {isQuantity(one.quantity)
                    ? format.quantity(parseDecimal(one.quantity) ?? "0")
                    : one.quantity || "?"}
                </span>
                <Button
                  variant="subtle"
                  size="compact-md"
                  onClick={() => {
                    setActive(keyOf(one));
                  }}
                >
                  {t("action.edit")}
                </Button>
              </li>
            ))}
            {(lines?.items ?? [])
              .filter((line): line is CountLine & { counted: string } => line.counted !== null)
              .map((line) => (
                <li key={line.id} className={classes.muted}>
                  <ProductCell
                    name={name(line)}
                    sku={line.sku}
                    more={line.needs_recount ? t("counts.needsRecount") : line.lot_code}
                  />
                  {!line.needs_recount && (
                    <span className="aw-figures">{format.quantity(line.counted)}</span>
                  )}
                </li>
              ))}
          </ul>
          {tallies.length === 0 && !lines?.items.some((line) => line.counted !== null) && (
            <p className={classes.muted}>{t("work.nothingHere")}</p>
          )}
          {uncounted.length > 0 && tallies.length === 0 && (
            <Button
              variant="default"
              size="md"
              fullWidth
              mt={8}
              onClick={() => {
                enter.reset();
                setEmptying(true);
              }}
            >
              {t("work.emptyPlace")}
            </Button>
          )}
          <ConfirmDanger
            opened={emptying}
            onClose={() => {
              setEmptying(false);
            }}
            title={t("work.emptyTitle", { count: uncounted.length, place: spot.code })}
            verb={t("work.emptyVerb")}
            busy={enter.isPending}
            error={emptying ? enter.error : null}
            onConfirm={emptyRest}
          >
            {t("work.emptyPlaceText")}
          </ConfirmDanger>
        </section>
      )}
    </WorkScreen>
  );
}

/** How many stock units one scan of this code stands for. */
function unitSize(product: Product, code: string) {
  const unit = unitOf(product, code);
  const further = product.units.find((one) => one.unit_id === unit);
  if (!further || further.numerator % further.denominator !== 0) return "1";
  return String(further.numerator / further.denominator);
}
