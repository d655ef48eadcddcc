import { Alert, Checkbox, Radio, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconHourglass } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { isNegative, isZero } from "@/shared/format/decimal";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";

import { type Count, count, type CountLine, countLines, useKeepCount } from "./count-queries";
import classes from "./stock.module.css";

export function CountPage() {
  const { countId } = useParams({ from: "/shell/counts/$countId" });
  return <Loaded query={count(countId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

/** What can happen to a count now, the sensible thing first. */
function nextOf(of: Count): string[] {
  switch (of.state) {
    case "draft":
      return ["start", "cancel"];
    case "counting":
      return of.figures.counted === of.figures.lines
        ? ["review", "enter", "cancel"]
        : ["enter", "review", "cancel"];
    case "review":
      return of.to_approve > 0
        ? ["approve", "recount", "post", "again", "cancel"]
        : ["post", "recount", "again", "cancel"];
    default:
      return [];
  }
}

function Show({ of }: { of: Count }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const keep = useKeepCount();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const commands = useCommands(of, picked, () => {
    setPicked(new Set());
  });
  const place = `${of.location_code} ${name({ name_en: of.location_name_en, name_ar: of.location_name_ar })}`;
  const open = of.state === "counting" || of.state === "review";
  return (
    <DocumentView
      back={{ link: { to: "/counts" }, label: t("counts.title") }}
      title={of.number ?? t("counts.draftOf", { place: of.location_code })}
      subtitle={<bdi>{place}</bdi>}
      state={of.state}
      commands={<CommandBar of={of} next={nextOf(of)} commands={commands} onDone={keep} />}
      notice={
        of.to_approve > 0 && (
          <Alert color="orange" icon={<IconHourglass size={18} />}>
            {t("counts.waitsApproval", { count: of.to_approve })}
          </Alert>
        )
      }
      facts={[
        { label: t("counts.what"), value: <bdi>{place}</bdi> },
        of.category_id !== null && {
          label: t("counts.onlyCategory"),
          value: name({
            name_en: of.category_name_en ?? "",
            name_ar: of.category_name_ar ?? "",
          }),
        },
        of.product_ids.length > 0 && {
          label: t("counts.onlyProducts"),
          value: t("counts.someProducts", { count: of.product_ids.length }),
        },
        of.state !== "draft" && {
          label: t("counts.counted"),
          value: t("counts.progress", { done: of.figures.counted, total: of.figures.lines }),
        },
        of.started_at !== null && {
          label: t("counts.startedAt"),
          value: <MomentText at={of.started_at} />,
        },
        of.posted_on !== null && {
          label: t("field.posted_on"),
          value: <DateText day={of.posted_on} />,
        },
        of.state === "review" &&
          of.figures.variance_value !== null && {
            label: t("counts.net"),
            value: <Money amount={of.figures.variance_value} currency="SAR" />,
          },
        of.state === "posted" && {
          label: t("counts.gained"),
          value: <Money amount={of.gained} currency="SAR" />,
        },
        of.state === "posted" && {
          label: t("counts.lost"),
          value: <Money amount={of.lost} currency="SAR" />,
        },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={
        of.state !== "draft" && (
          <Lines
            key={of.state}
            of={of}
            picked={picked}
            onPick={of.state === "review" ? setPicked : undefined}
          />
        )
      }
      history={{
        id: of.id,
        version: of.version,
        labelOf: (field) =>
          field === "reason" ? t("field.reason") : field === "on" ? t("field.day") : null,
      }}
    >
      {open && !of.shows_book && <Text c="dimmed">{t("counts.blind")}</Text>}
    </DocumentView>
  );
}

type LinesProps = {
  of: Count;
  picked: ReadonlySet<string>;
  onPick: ((picked: ReadonlySet<string>) => void) | undefined;
};

function Lines({ of, picked, onPick }: LinesProps) {
  const { t } = useTranslation("stock");
  const name = useName();
  const judged = of.state === "review" || of.state === "posted";
  const [shown, setShown] = useState<"differs" | "all">(
    judged && of.figures.differing ? "differs" : "all",
  );
  const { data, error, refetch } = useQuery(
    countLines(of.id, of.version, judged && shown === "differs" ? { differs: true } : {}),
  );
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={200} radius={8} aria-busy />;
  const lines = data.items;
  const places = placesIn(
    lines.flatMap((line) => [line.counted ?? "", line.book ?? "", line.variance ?? ""]),
  );
  const quantity = (amount: string | null) =>
    amount !== null && <AlignedQuantity amount={amount} places={places} />;
  const books = lines.some((line) => line.book !== null);
  return (
    <Stack gap={12}>
      {judged && (
        <SegmentedControl
          style={{ alignSelf: "start" }}
          aria-label={t("section.lines")}
          value={shown}
          onChange={(value) => {
            setShown(value === "all" ? "all" : "differs");
          }}
          data={[
            { value: "differs", label: t("counts.onlyVariances") },
            { value: "all", label: t("counts.allLines") },
          ]}
        />
      )}
      {onPick && lines.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("counts.selectForRecount")}
        </Text>
      )}
      <LinesTable<CountLine>
        label={t("section.lines")}
        lines={lines}
        lineKey={(line) => line.id}
        empty={judged ? t("counts.noVariances") : t("counts.nothingYet")}
        columns={[
          !!onPick && {
            id: "pick",
            label: "",
            cell: (line) => (
              <Checkbox
                aria-label={t("counts.select", { sku: line.sku })}
                checked={picked.has(line.id)}
                onChange={(event) => {
                  const next = new Set(picked);
                  if (event.currentTarget.checked) next.add(line.id);
                  else next.delete(line.id);
                  onPick(next);
                }}
              />
            ),
          },
          {
            id: "product",
            label: t("field.product"),
            card: "title",
            cell: (line) => (
              <ProductCell name={name(line)} sku={line.sku} more={line.lot_code ?? undefined} />
            ),
          },
          {
            id: "place",
            label: t("field.location"),
            cell: (line) => <span className="aw-ltr">{line.location_code}</span>,
          },
          {
            id: "counted",
            label: t("counts.counted"),
            align: "end",
            card: "end",
            cell: (line) =>
              line.counted === null ? (
                <span className={classes.muted}>{t("counts.notCounted")}</span>
              ) : (
                quantity(line.counted)
              ),
          },
          books && {
            id: "book",
            label: t("counts.book"),
            align: "end",
            cell: (line) => quantity(line.book),
          },
          books && {
            id: "variance",
            label: t("counts.variance"),
            align: "end",
            cell: (line) =>
              line.variance !== null && (
                <span
                  className={
                    isZero(line.variance)
                      ? classes.muted
                      : isNegative(line.variance)
                        ? classes.bad
                        : classes.good
                  }
                >
                  {quantity(line.variance)}
                </span>
              ),
          },
          judged && {
            id: "value",
            needs: "cost:read",
            label: t("counts.varianceValue"),
            align: "end",
            cell: (line) =>
              line.variance_value !== null &&
              !isZero(line.variance_value) && <Money amount={line.variance_value} />,
          },
          {
            id: "who",
            label: t("counts.countedBy"),
            cell: (line) => (
              <>
                <bdi>{line.counted_by_name}</bdi>
                {line.first_counted !== null && (
                  <small>
                    {" "}
                    {t("counts.first")}: <AlignedQuantity amount={line.first_counted} places={0} />
                  </small>
                )}
              </>
            ),
          },
          {
            id: "flag",
            label: t("field.state"),
            cell: (line) =>
              line.needs_recount ? (
                <StatusBadge tone="attention">{t("counts.needsRecount")}</StatusBadge>
              ) : line.approved_by !== null ? (
                <StatusBadge tone="good">{t("counts.approved")}</StatusBadge>
              ) : line.variance !== null && isZero(line.variance) ? (
                <StatusBadge tone="closed">{t("counts.agrees")}</StatusBadge>
              ) : null,
          },
        ]}
      />
      {data.more && <Text c="dimmed">{t("counts.moreLines")}</Text>}
    </Stack>
  );
}

function useCommands(of: Count, picked: ReadonlySet<string>, clear: () => void): Command[] {
  const { t } = useTranslation("stock");
  const navigate = useNavigate();
  const keep = useKeepCount();
  const can = useCan();
  const params = { path: { count_id: of.id } };
  const said = (answer: unknown, text: string) => {
    notifications.show({ message: text });
    keep(answer);
  };
  return [
    {
      name: "start",
      label: t("counts.start"),
      permission: "count:enter",
      text: t("counts.startText"),
      done: t("counts.done.start"),
      send: ({ query, headers }) =>
        client.POST("/api/counts/{count_id}/start", { params: { ...params, query }, headers }),
      onDone: () => {
        if (can("count:enter"))
          void navigate({ to: "/counts/$countId/work", params: { countId: of.id } });
      },
    },
    {
      name: "enter",
      label: t("counts.enter"),
      permission: "count:enter",
      go: () => void navigate({ to: "/counts/$countId/work", params: { countId: of.id } }),
    },
    {
      name: "review",
      label: t("counts.finish"),
      permission: "count:enter",
      dialog: (close) => (
        <ReviewDialog
          of={of}
          onDone={(answer) => {
            said(answer, t("counts.done.finish"));
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "again",
      label: t("counts.again"),
      permission: "count:enter",
      done: t("counts.done.finish"),
      send: ({ query, headers }) =>
        client.POST("/api/counts/{count_id}/review", {
          params: { ...params, query },
          headers,
          body: { uncounted: "skip" },
        }),
    },
    ...(picked.size > 0
      ? [
          {
            name: "recount",
            label: t("counts.recount"),
            permission: "count:enter",
            text: t("counts.recountText"),
            done: t("counts.done.recount"),
            send: ({ query, headers }: Parameters<NonNullable<Command["send"]>>[0]) =>
              client.POST("/api/counts/{count_id}/recount", {
                params: { ...params, query },
                headers,
                body: { line_ids: [...picked] },
              }),
            onDone: clear,
          },
        ]
      : []),
    {
      name: "approve",
      label: t("counts.approve"),
      permission: "count:approve",
      text: t("counts.approveText"),
      done: t("counts.done.approve"),
      send: ({ query, headers }) =>
        client.POST("/api/counts/{count_id}/approve", {
          params: { ...params, query },
          headers,
          body: picked.size > 0 ? { line_ids: [...picked] } : {},
        }),
      onDone: clear,
    },
    {
      name: "post",
      label: t("counts.post"),
      permission: "count:post",
      text: t("counts.postText"),
      done: t("counts.done.post"),
      send: ({ query, headers }) =>
        client.POST("/api/counts/{count_id}/post", {
          params: { ...params, query },
          headers,
          body: {},
        }),
    },
    {
      name: "cancel",
      label: t("counts.cancel"),
      permission: "count:cancel",
      danger: true,
      text: t("counts.cancelText"),
      done: t("counts.done.cancel"),
      send: ({ query, headers }) =>
        client.POST("/api/counts/{count_id}/cancel", { params: { ...params, query }, headers }),
    },
  ];
}

/** Ends counting; what nobody counted needs a word. */
function ReviewDialog({
  of,
  onDone,
  onClose,
}: {
  of: Count;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("stock");
  const missing = of.figures.lines - of.figures.counted;
  const [uncounted, setUncounted] = useState<"skip" | "zero">("skip");
  return (
    <CommandDialog
      of={of}
      title={t("counts.finish")}
      verb={t("counts.finish")}
      text={t("counts.finishText")}
      asked={uncounted}
      send={({ query, headers }) =>
        client.POST("/api/counts/{count_id}/review", {
          params: { path: { count_id: of.id }, query },
          headers,
          body: { uncounted },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {missing > 0 && (
        <Radio.Group
          label={t("counts.missingLines", { count: missing })}
          value={uncounted}
          onChange={(value) => {
            setUncounted(value === "zero" ? "zero" : "skip");
          }}
        >
          <Stack gap={8} mt={8}>
            <Radio value="skip" label={t("counts.uncountedSkip")} />
            <Radio value="zero" label={t("counts.uncountedZero")} />
          </Stack>
        </Radio.Group>
      )}
    </CommandDialog>
  );
}
