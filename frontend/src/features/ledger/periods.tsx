import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Modal,
  NumberInput,
  Select,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCalendarMonth, IconDots, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { useCan } from "@/shared/session/session";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./ledger.module.css";
import { type Period, periods, type PeriodVerb, useMovePeriod, useOpenYear } from "./queries";

const tones = { open: "good", closed: "attention", locked: "closed" } as const;
const verbs = {
  open: ["close", "lock"],
  closed: ["reopen", "lock"],
  locked: [],
} as const satisfies Record<Period["state"], readonly PeriodVerb[]>;

/** The months of each fiscal year: open for posting, closed, or locked for good. */
export function Periods() {
  const { t } = useTranslation("ledger");
  const can = useCan();
  const { data, error, isPending, refetch } = useQuery(periods());
  const waits = useDelayed(isPending);
  const [moving, setMoving] = useState<{ of: Period; verb: PeriodVerb } | null>(null);
  const [opening, setOpening] = useState(false);
  usePageTitle(t("periods.title"));
  const years = [...new Set(data?.map((one) => one.year))].sort((a, b) => b - a);
  const add = can("period:create") && (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => {
        setOpening(true);
      }}
    >
      {t("periods.openYear")}
    </Button>
  );
  return (
    <div className="aw-page">
      <Group justify="space-between" mb={16}>
        <Title order={1}>{t("periods.title")}</Title>
        {add}
      </Group>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {waits && <Skeleton height={320} radius={12} aria-busy />}
      {data?.length === 0 && (
        <div className="aw-card">
          <EmptyState icon={IconCalendarMonth} title={t("periods.empty")} action={add}>
            {t("periods.emptyText")}
          </EmptyState>
        </div>
      )}
      <Stack gap={16}>
        {years.map((year) => (
          <section key={year} className={`aw-card ${classes.year ?? ""}`}>
            <Title order={2}>{t("periods.year", { year: String(year) })}</Title>
            <ul className={classes.months}>
              {data
                ?.filter((one) => one.year === year)
                .sort((a, b) => a.number - b.number)
                .map((one) => (
                  <Month
                    key={one.id}
                    of={one}
                    onMove={(verb) => {
                      setMoving({ of: one, verb });
                    }}
                  />
                ))}
            </ul>
          </section>
        ))}
      </Stack>
      {moving && (
        <Move
          {...moving}
          onClose={() => {
            setMoving(null);
          }}
        />
      )}
      {opening && (
        <OpenYear
          next={(years[0] ?? new Date().getFullYear() - 1) + 1}
          onClose={() => {
            setOpening(false);
          }}
        />
      )}
    </div>
  );
}

/** "March 2026" */
function useMonthName() {
  const { i18n } = useTranslation();
  const locale = i18n.language === "ar" ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB";
  return (of: Period) =>
    new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(
      new Date(`${of.starts_on}T00:00:00Z`),
    );
}

function Month({ of, onMove }: { of: Period; onMove: (verb: PeriodVerb) => void }) {
  const { t } = useTranslation("ledger");
  const can = useCan();
  const month = useMonthName();
  const today = isoDay(new Date());
  const possible = verbs[of.state].filter((verb) => can(`period:${verb}`));
  return (
    <li data-now={(of.starts_on <= today && today <= of.ends_on) || undefined}>
      <div>
        <strong>{month(of)}</strong>
        <StatusBadge tone={tones[of.state]}>{t(`periodState.${of.state}`)}</StatusBadge>
      </div>
      {possible.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t("periods.actions", { month: month(of) })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {possible.map((verb) => (
              <Menu.Item
                key={verb}
                {...(verb === "lock" && { color: "red" })}
                onClick={() => {
                  onMove(verb);
                }}
              >
                {t(`periodVerb.${verb}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function Move({ of, verb, onClose }: { of: Period; verb: PeriodVerb; onClose: () => void }) {
  const { t } = useTranslation("ledger");
  const month = useMonthName();
  const move = useMovePeriod();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`periodTitle.${verb}`, { month: month(of) })}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Text>{t(`periodText.${verb}`)}</Text>
        <Refusal error={move.error} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <Button
            {...(verb === "lock" && { color: "red" })}
            loading={move.isPending}
            onClick={() => {
              move.mutate(
                { of, verb },
                {
                  onSuccess: () => {
                    notifications.show({ message: t(`periodDone.${verb}`, { month: month(of) }) });
                    onClose();
                  },
                },
              );
            }}
          >
            {t(`periodVerb.${verb}`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function OpenYear({ next, onClose }: { next: number; onClose: () => void }) {
  const { t, i18n } = useTranslation("ledger");
  const [year, setYear] = useState(next);
  const [month, setMonth] = useState("1");
  const open = useOpenYear();
  const locale = i18n.language === "ar" ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB";
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("periods.openYear")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Group grow>
          <NumberInput
            label={t("field.year")}
            min={1950}
            max={2150}
            allowDecimal={false}
            hideControls
            value={year}
            onChange={(value) => {
              setYear(Number(value));
            }}
          />
          <Select
            label={t("field.firstMonth")}
            allowDeselect={false}
            value={month}
            data={Array.from({ length: 12 }, (_, index) => ({
              value: String(index + 1),
              label: new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(
                Date.UTC(2026, index, 1),
              ),
            }))}
            onChange={(value) => {
              if (value) setMonth(value);
            }}
          />
        </Group>
        <Refusal error={open.error} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <Button
            loading={open.isPending}
            onClick={() => {
              open.mutate(
                { year, first_month: Number(month) },
                {
                  onSuccess: () => {
                    notifications.show({ message: t("periods.opened", { year: String(year) }) });
                    onClose();
                  },
                },
              );
            }}
          >
            {t("periods.openYear")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
