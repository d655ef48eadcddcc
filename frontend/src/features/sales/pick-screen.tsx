import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, ifMatch } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { difference, isNegative, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { findGoods, isExactly, unitOf } from "@/shared/goods/queries";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { CommandRefusal } from "@/shared/ui/command-dialog";
import { Loaded } from "@/shared/ui/loaded";
import { QuantityInput } from "@/shared/ui/quantity-input";
import { useOnce } from "@/shared/ui/use-once";
import { useKept } from "@/shared/ui/use-kept";
import { type Scanned, WorkScreen, WorkTarget } from "@/shared/ui/work-screen";

import { isSome } from "./parts";
import { tasksOf, type Task } from "./picking";
import { type Shipment, shipment, useKeepShipment } from "./queries";
import { useShipmentHelp } from "./shipment-help";
import { useLineUnits } from "./use-units";
import classes from "./pick-screen.module.css";

export function PickScreen() {
  const { shipmentId } = useParams({ from: "/shell/shipments/$shipmentId/pick" });
  return <Loaded query={shipment(shipmentId)}>{(of) => <Picking key={of.id} of={of} />}</Loaded>;
}

/** Take a shipment from the shelves: scan each piece, or a lot, or type how many. */
function Picking({ of }: { of: Shipment }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const format = useFormat();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const keepShipment = useKeepShipment();
  const help = useShipmentHelp();
  const unitName = useLineUnits(of.order_id);
  const tasks = tasksOf(of);
  const kept = useKept<Record<string, string>>(`pick.${of.id}.${of.version}`, {});
  const picked = kept.value;
  const [chosen, setChosen] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const amount = (task: Task) => parseDecimal(picked[task.key] ?? "") ?? "0";
  const left = (task: Task) => difference(task.quantity, amount(task));
  const isOpen = (task: Task) => isSome(left(task));
  const current =
    tasks.find((task) => task.key === chosen && isOpen(task)) ?? tasks.find(isOpen) ?? null;
  const set = (key: string, quantity: string) => {
    kept.setValue((before) => ({ ...before, [key]: quantity }));
  };
  const take = (task: Task, quantity: string): Scanned => {
    const before = amount(task);
    set(task.key, total([before, quantity]));
    setChosen(task.key);
    return {
      ok: true,
      text: `${name(task)} · ${format.quantity(total([before, quantity]))} / ${format.quantity(task.quantity)}`,
      undo: () => {
        set(task.key, before);
      },
    };
  };
  const scan = async (code: string): Promise<Scanned> => {
    const same = code.toLowerCase();
    const ordered = current ? [current, ...tasks.filter((one) => one !== current)] : tasks;
    const place = ordered.find((task) => task.place.toLowerCase() === same && isOpen(task));
    if (place) {
      setChosen(place.key);
      return { ok: true, text: t("pick.place", { place: place.place }) };
    }
    const byLot = ordered.filter((task) => task.lot?.toLowerCase() === same);
    const bySku = ordered.filter((task) => task.sku.toLowerCase() === same);
    let found = byLot.length > 0 ? byLot : bySku;
    let each = "1";
    if (found.length === 0) {
      const answer = await cache
        .query({ ...findGoods(code), staleTime: 60_000 })
        .catch(() => ({ items: [] }));
      const meant = answer.items.find((one) => isExactly(one, code));
      if (!meant) return { ok: false, text: t("pick.unknown", { code }) };
      found = ordered.filter((task) => task.product_id === meant.id);
      if (found.length === 0) return { ok: false, text: t("pick.notHere", { item: name(meant) }) };
      // A carton's barcode stands for all that is in it.
      const unit = meant.units.find((one) => one.unit_id === unitOf(meant, code));
      if (unit && unit.numerator % unit.denominator === 0)
        each = String(unit.numerator / unit.denominator);
    }
    const open = found.find(isOpen);
    if (!open) return { ok: false, text: t("pick.enough", { item: name(found[0] ?? noTask) }) };
    if (isNegative(difference(left(open), each)))
      return {
        ok: false,
        text: t("pick.tooMuch", { item: name(open), left: format.quantity(left(open)) }),
      };
    return take(open, each);
  };
  const done = tasks.filter((task) => !isOpen(task)).length;
  const some = tasks.some((task) => isSome(amount(task)));
  const finish = useMutation({
    mutationFn: () =>
      ask(
        client.POST("/api/shipments/{shipment_id}/pick", {
          params: { path: { shipment_id: of.id } },
          ...ifMatch(of),
          body: {
            picks: tasks
              .filter((task) => isSome(amount(task)))
              .map((task) => ({
                line_id: task.line_id,
                quantity: amount(task),
                lot_id: task.lot_id,
                location_id: task.location_id,
              })),
          },
        }),
      ),
    onSuccess: (answer) => {
      kept.forget();
      keepShipment(answer);
      notifications.show({ message: t("pick.done", { number: of.number ?? "" }) });
      void navigate({ to: "/shipments/$shipmentId", params: { shipmentId: of.id } });
    },
    onError: () => {
      setAsking(false);
    },
  });
  const once = useOnce();
  return (
    <WorkScreen
      back={{
        link: { to: "/shipments/$shipmentId", params: { shipmentId: of.id } },
        label: of.number ?? t("shipment.kind"),
      }}
      title={t("pick.title", { number: of.number ?? "" })}
      progress={{ done, total: tasks.length }}
      scanLabel={t("pick.scan")}
      onScan={scan}
      target={
        current ? (
          <WorkTarget
            place={<bdi>{current.place}</bdi>}
            title={name(current)}
            code={
              <>
                <bdi>{current.sku}</bdi>
                {current.lot && (
                  <>
                    {" "}
                    · {t("pick.lot")} <bdi>{current.lot}</bdi>
                  </>
                )}
              </>
            }
            count={
              <span className="aw-ltr">
                {format.quantity(amount(current))} / {format.quantity(current.quantity)}
              </span>
            }
          >
            <div className={classes.typed}>
              <QuantityInput
                boxed
                aria-label={t("pick.quantityOf", { item: name(current) })}
                value={picked[current.key] ?? ""}
                onChange={(quantity) => {
                  setChosen(current.key);
                  set(current.key, quantity);
                }}
              />
              <small>{unitName(current.order_line_id)}</small>
              <Button
                variant="default"
                onClick={() => {
                  set(current.key, current.quantity);
                }}
              >
                {t("pick.all")}
              </Button>
            </div>
          </WorkTarget>
        ) : (
          <WorkTarget title={tasks.length === 0 ? t("pick.nothing") : t("pick.complete")} />
        )
      }
      primary={{
        label: t("pick.finish"),
        reason:
          of.state === "draft"
            ? t("pick.notReady")
            : of.state !== "ready"
              ? t("pick.over")
              : some
                ? null
                : t("pick.nothingYet"),
        loading: finish.isPending,
        onClick: () => {
          if (done < tasks.length) setAsking(true);
          else once(finish.mutateAsync);
        },
      }}
      notice={finish.error && <CommandRefusal problem={asProblem(finish.error)} help={help} />}
    >
      <ul className={classes.tasks}>
        {tasks.map((task) => (
          <li key={task.key} data-done={!isOpen(task) || undefined}>
            <button
              type="button"
              aria-current={task === current || undefined}
              onClick={() => {
                setChosen(task.key);
                // A finished one is opened again to be corrected.
                if (!isOpen(task)) set(task.key, "");
              }}
            >
              <bdi>{task.place}</bdi>
              <span>
                <bdi>{name(task)}</bdi>
                {task.lot && (
                  <small>
                    <bdi>{task.lot}</bdi>
                  </small>
                )}
              </span>
              <span className="aw-figures aw-ltr">
                {format.quantity(amount(task))} / {format.quantity(task.quantity)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {asking && (
        <Modal
          opened
          onClose={() => {
            setAsking(false);
          }}
          title={t("pick.shortTitle")}
          closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
        >
          <Stack gap={16}>
            <Text>{t("pick.shortText")}</Text>
            <Group justify="flex-end" gap={8}>
              <Button
                variant="default"
                data-autofocus
                onClick={() => {
                  setAsking(false);
                }}
              >
                {t("pick.goOn")}
              </Button>
              <Button
                loading={finish.isPending}
                onClick={() => {
                  once(finish.mutateAsync);
                }}
              >
                {t("pick.finishShort")}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </WorkScreen>
  );
}

const noTask = { name_en: "", name_ar: "" };
