import { Button, Skeleton, Text, Title } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { MomentText } from "@/shared/ui/date-text";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./accounts.module.css";
import { deviceName, isPhone } from "./devices";
import { openSessions, signOutEverywhere, useEndSession } from "./queries";

export function Sessions() {
  const { t } = useTranslation("accounts");
  const { data, error, isPending, refetch } = useQuery(openSessions());
  const waits = useDelayed(isPending);
  const end = useEndSession();
  const everywhere = useMutation({ mutationFn: signOutEverywhere });
  const [asking, setAsking] = useState(false);
  usePageTitle(t("sessions.title"));
  return (
    <div className="aw-page" style={{ maxWidth: 880 }}>
      <Title order={1}>{t("sessions.title")}</Title>
      <Text c="dimmed" mb={16}>
        {t("sessions.text")}
      </Text>
      <Refusal error={end.error} />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {waits && <Skeleton height={200} radius={12} />}
      {data && (
        <ul className={`aw-card ${classes.rows ?? ""}`} aria-label={t("sessions.title")}>
          {data.items.map((session) => {
            const Icon = isPhone(session.device) ? IconDeviceMobile : IconDeviceDesktop;
            return (
              <li key={session.id}>
                <span className={classes.rowIcon} aria-hidden>
                  <Icon size={22} stroke={1.6} />
                </span>
                <span className={classes.rowText}>
                  <strong title={session.device}>
                    <bdi>{deviceName(session.device)}</bdi>
                  </strong>
                  <small>
                    <span className="aw-ltr">{session.ip_address}</span> · {t("sessions.used")}{" "}
                    <MomentText at={session.last_used_at} />
                  </small>
                </span>
                {session.is_current ? (
                  <StatusBadge tone="good">{t("sessions.current")}</StatusBadge>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={end.isPending && end.variables.id === session.id}
                    onClick={() => {
                      end.mutate(session);
                    }}
                  >
                    {t("sessions.end")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <Button
        mt={16}
        variant="default"
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("sessions.everywhere")}
      </Button>
      <ConfirmDanger
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
        title={t("sessions.everywhereTitle")}
        verb={t("sessions.everywhere")}
        busy={everywhere.isPending}
        error={everywhere.error}
        onConfirm={() => {
          everywhere.mutate();
        }}
      >
        {t("sessions.everywhereText")}
      </ConfirmDanger>
    </div>
  );
}
