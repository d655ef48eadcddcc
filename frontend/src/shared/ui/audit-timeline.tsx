import { Button, Skeleton, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, type Schemas } from "@/shared/api/client";
import { useCan } from "@/shared/session/session";
import { ErrorState } from "@/shared/ui/error-state";
import { MomentText } from "@/shared/ui/date-text";

import classes from "./audit-timeline.module.css";

type Event = Schemas["AuditEventOut"];

type Props = {
  recordId: string;
  /** Asks again whenever the record moves on. */
  version: number;
  /** The name of a field; null leaves the change out. */
  labelOf: (field: string) => string | null;
  /** What a value means to the reader; undefined shows it as it is. */
  say?: (field: string, value: unknown) => ReactNode;
};

/** The words for what can happen to a record: the last part of what the server calls it. */
export const verbs = [
  "created",
  "changed",
  "deactivated",
  "locked",
  "unlocked",
  "password_changed",
  "password_reset",
  "second_factor_on",
  "second_factor_off",
  "recovery_codes_renewed",
  "recovery_code_used",
  "passkey_added",
  "passkey_renamed",
  "passkey_removed",
  "moved",
  "posted",
  "credited",
  "reversed",
  "price_added",
  "price_changed",
  "price_removed",
  "drafted",
  "edited",
  "discarded",
  "submitted",
  "approved",
  "rejected",
  "sent",
  "amended",
  "closed",
  "reopened",
  "cancelled",
  "held",
  "unheld",
  "released",
  "short_closed",
  "reserved",
  "dispatched",
  "shipped",
  "received",
  "returned",
  "written_off",
  "started",
  "entered",
  "reviewed",
  "recount",
  "decided",
  "inspected",
  "followed",
  "quoted",
  "awarded",
  "added",
  "removed",
  "confirmed",
  "invoiced",
  "renewed",
  "expired",
  "delivered",
  "ready",
  "picked",
  "packed",
  "split",
  "noted",
  "matched",
  "disputed",
  "dispute_settled",
  "voided",
  "recorded",
  "differs",
  "refunded",
  "netted",
  "write_off_taken_back",
  "posted_as_advance",
  "allocated",
  "unallocated",
  "cleared",
  "bounced",
  "imported",
  "charged",
  "charge_taken_back",
  "other_id_revealed",
  "bank_account_added",
  "bank_account_changed",
  "bank_account_retired",
  "bank_account_revealed",
  "landed_cost_added",
  "set_up",
  "kept",
  "unmatched",
  "count_scheduled",
] as const;

/** Who did what to this record, newest first; nothing for those who may not read the trail. */
export function AuditTimeline({ recordId, version, labelOf, say }: Props) {
  const { t } = useTranslation("records");
  const can = useCan();
  const may = can("audit:read");
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery({
      queryKey: ["audit", recordId, version],
      enabled: may,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) =>
        ask(
          client.GET("/api/audit", {
            params: {
              query: { record_id: recordId, limit: 10, ...(pageParam && { after: pageParam }) },
            },
            signal,
          }),
        ),
      getNextPageParam: (page) => page.next ?? undefined,
    });
  if (!may) return null;
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  const verb = (event: Event) => {
    const found = verbs.find((one) => event.action.endsWith(`.${one}`));
    const who = event.actor_name === "system" ? t("system") : event.actor_name;
    return found ? t(`audit.${found}`, { who }) : `${who}: ${event.action}`;
  };
  const shown = (field: string, value: unknown): ReactNode => {
    const said = say?.(field, value);
    if (said !== undefined) return said;
    if (value === null || value === "" || value === undefined) return "—";
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    return typeof value === "string" || typeof value === "number"
      ? String(value)
      : JSON.stringify(value);
  };
  return (
    <section className={`aw-card ${classes.card ?? ""}`} aria-label={t("audit.title")}>
      <Title order={2}>{t("audit.title")}</Title>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton height={80} radius={8} />}
      <ol className={classes.events}>
        {events.map((event) => (
          <li key={event.id}>
            <div className={classes.head}>
              <span>
                <bdi>{verb(event)}</bdi>
              </span>
              <MomentText at={event.at} />
            </div>
            {!event.action.endsWith(".created") && (
              <ul className={classes.changes}>
                {Object.entries(event.changes).map(([field, change]) => {
                  const label = labelOf(field);
                  if (label === null) return null;
                  return (
                    <li key={field}>
                      <span className={classes.field}>{label}</span>{" "}
                      {Array.isArray(change) && change.length === 2 ? (
                        <>
                          <del>
                            <bdi>{shown(field, change[0])}</bdi>
                          </del>{" "}
                          <span aria-hidden className={classes.arrow}>
                            →
                          </span>{" "}
                          <ins>
                            <bdi>{shown(field, change[1])}</bdi>
                          </ins>
                        </>
                      ) : (
                        <bdi>{shown(field, change)}</bdi>
                      )}
                    </li>
                  );
                })}
              </ul>
            )}
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t("audit.more")}
        </Button>
      )}
    </section>
  );
}
