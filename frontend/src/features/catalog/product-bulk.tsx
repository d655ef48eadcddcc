import { Button, Group, List, Modal, Progress, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";
import { type Selection } from "@/shared/ui/data-table/types";
import { Refusal, useProblemText } from "@/shared/ui/error-state";

import { everyMatch, type Product, readProduct } from "./queries";

const atOnce = 4;
const shownRefusals = 10;

type Step =
  | { at: "reading" }
  | { at: "failed"; error: unknown }
  | { at: "preview"; change: Product[]; left: number }
  | { at: "running"; done: number; total: number }
  | { at: "over"; changed: Product[]; refused: { sku: string; why: string }[]; unasked: number };

/** Activate or deactivate what is selected: says first what will change, then row by row what did. */
export function BulkActivation({ selection }: { selection: Selection }) {
  const { t } = useTranslation("catalog");
  const can = useCan();
  const [run, setRun] = useState<{ active: boolean; selection: Selection } | null>(null);
  if (!can("product:edit")) return null;
  return (
    <>
      {[true, false].map((active) => (
        <Button
          key={String(active)}
          size="compact-sm"
          variant="default"
          onClick={() => {
            setRun({ active, selection });
          }}
        >
          {t(active ? "bulk.activate" : "bulk.deactivate")}
        </Button>
      ))}
      {run && (
        <Run
          active={run.active}
          selection={run.selection}
          onClose={() => {
            setRun(null);
          }}
        />
      )}
    </>
  );
}

function Run({
  active,
  selection,
  onClose,
}: {
  active: boolean;
  selection: Selection;
  onClose: () => void;
}) {
  const { t } = useTranslation("catalog");
  const say = useProblemText();
  const cache = useQueryClient();
  const [running, setStep] = useState<Step | null>(null);
  const [to, setTo] = useState(active);
  const stopped = useRef(false);

  const rowsOf = async (ids: string[]) => {
    const known = new Map<string, Product>();
    for (const [, page] of cache.getQueriesData<Schemas["Page_ProductOut_"]>({
      queryKey: ["catalog", "products", "list"],
    }))
      for (const row of page?.items ?? []) known.set(row.id, row);
    return Promise.all(ids.map(async (id) => known.get(id) ?? readProduct(id)));
  };

  const found = useQuery({
    queryKey: ["catalog", "bulk", selection.ids, selection.all, selection.query],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => (selection.all ? everyMatch(selection.query) : rowsOf(selection.ids)),
  });
  const change = found.data?.filter((row) => row.is_active !== active) ?? [];
  const step: Step =
    running ??
    (found.error
      ? { at: "failed", error: found.error }
      : found.data
        ? { at: "preview", change, left: found.data.length - change.length }
        : { at: "reading" });

  const start = async (rows: Product[], turnTo: boolean) => {
    setTo(turnTo);
    stopped.current = false;
    const changed: Product[] = [];
    const refused: { sku: string; why: string }[] = [];
    const waiting = [...rows];
    const tell = () => {
      setStep({ at: "running", done: changed.length + refused.length, total: rows.length });
    };
    tell();
    const work = async () => {
      for (;;) {
        const row = stopped.current ? undefined : waiting.shift();
        if (!row) return;
        try {
          changed.push(
            await ask(
              client.PATCH("/api/products/{product_id}", {
                params: { path: { product_id: row.id } },
                body: { is_active: turnTo },
              }),
            ),
          );
        } catch (error) {
          const problem = asProblem(error);
          // Without a server the rest would fail alike.
          if (problem.isUnreachable) stopped.current = true;
          refused.push({ sku: row.sku, why: say(problem) });
        }
        tell();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    void cache.invalidateQueries({
      queryKey: ["catalog"],
      predicate: ({ queryKey }) => queryKey[1] !== "bulk",
    });
    setStep({ at: "over", changed, refused, unasked: waiting.length });
  };

  const close = () => {
    stopped.current = true;
    if (step.at === "over") selection.clear();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={step.at !== "running"}
      title={t(active ? "bulk.activateTitle" : "bulk.deactivateTitle")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        {step.at === "reading" && <Text c="dimmed">{t("bulk.reading")}</Text>}
        {step.at === "failed" && <Refusal error={step.error} />}
        {step.at === "preview" && (
          <>
            <div>
              <Text>
                {t(active ? "bulk.willActivate" : "bulk.willDeactivate", {
                  count: step.change.length,
                })}
              </Text>
              {step.left > 0 && (
                <Text c="dimmed" size="sm">
                  {t(active ? "bulk.alreadyActive" : "bulk.alreadyInactive", { count: step.left })}
                </Text>
              )}
            </div>
            {!active && <Text size="sm">{t("products.deactivateText")}</Text>}
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={close}>
                {t("action.cancel", { ns: "common" })}
              </Button>
              <Button
                disabled={step.change.length === 0}
                color={active ? "accent" : "red"}
                onClick={() => void start(step.change, active)}
                data-autofocus
              >
                {t(active ? "bulk.activateMany" : "bulk.deactivateMany", {
                  count: step.change.length,
                })}
              </Button>
            </Group>
          </>
        )}
        {step.at === "running" && (
          <>
            <Text size="sm" className="aw-figures" aria-live="polite">
              {t("bulk.progress", { done: step.done, total: step.total })}
            </Text>
            <Progress
              value={(step.done * 100) / Math.max(1, step.total)}
              aria-label={t(active ? "bulk.activateTitle" : "bulk.deactivateTitle")}
            />
            <Group justify="flex-end">
              <Button
                variant="default"
                onClick={() => {
                  stopped.current = true;
                }}
              >
                {t("bulk.stop")}
              </Button>
            </Group>
          </>
        )}
        {step.at === "over" && (
          <>
            <Text role="status">
              {t(to ? "bulk.activated" : "bulk.deactivated", { count: step.changed.length })}
              {step.unasked > 0 && ` ${t("bulk.unasked", { count: step.unasked })}`}
            </Text>
            {step.refused.length > 0 && (
              <div>
                <Text c="red" size="sm" fw={500}>
                  {t("bulk.refused", { count: step.refused.length })}
                </Text>
                <List size="sm">
                  {step.refused.slice(0, shownRefusals).map((one) => (
                    <List.Item key={one.sku}>
                      <span className="aw-ltr">{one.sku}</span>: {one.why}
                    </List.Item>
                  ))}
                </List>
              </div>
            )}
            <Group justify="flex-end" gap={8}>
              {step.changed.length > 0 && (
                <Button variant="default" onClick={() => void start(step.changed, !to)}>
                  {t("bulk.undo")}
                </Button>
              )}
              <Button onClick={close} data-autofocus>
                {t("bulk.done")}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
