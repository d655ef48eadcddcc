import { Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { CommandRefusal } from "@/shared/ui/command-dialog";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { placeErrors } from "@/shared/ui/line-errors";
import { Loaded } from "@/shared/ui/loaded";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

type Settings = Schemas["InvoicingSettingsOut"];

const settings = () =>
  queryOptions({
    queryKey: ["invoicing", "settings"],
    queryFn: ({ signal }) => ask(client.GET("/api/invoicing-settings", { signal })),
  });

export function InvoicingSettingsPage() {
  return <Loaded query={settings()}>{(of) => <Edit key={of.version} of={of} />}</Loaded>;
}

/** How much of an invoice or bill may be given up by whoever may write off. */
function Edit({ of }: { of: Settings }) {
  const { t } = useTranslation("invoicing");
  const can = useCan();
  const cache = useQueryClient();
  const stored = of.write_off_limit ?? "";
  const [limit, setLimit] = useState(stored);
  const change = useMutation({
    mutationFn: () =>
      ask(
        client.PATCH("/api/invoicing-settings", {
          ...ifMatch(of),
          body: { write_off_limit: limit.trim() || null },
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(settings().queryKey, saved);
      notifications.show({ message: t("settings.saved") });
    },
  });
  usePageTitle(t("settings.title"));
  const dirty = limit !== stored;
  useUnsavedWarning(dirty && !change.isPending);
  const may = can("invoice:manage");
  const problem = change.error && asProblem(change.error);
  const errors = placeErrors(problem, [], ["write_off_limit"]);
  return (
    <DocumentPage
      back={{ link: { to: "/invoices" }, label: t("invoices.title") }}
      title={t("settings.title")}
      actions={
        may && (
          <ReasonedButton
            reason={dirty ? null : t("settings.unchanged")}
            loading={change.isPending}
            onClick={() => {
              if (!change.isPending) change.mutate();
            }}
          >
            {t("action.save", { ns: "common" })}
          </ReasonedButton>
        )
      }
      timeline={can("audit:read") && <History of={of} />}
    >
      {problem && (
        <CommandRefusal
          problem={problem}
          more={errors.rest}
          help={({ isConflict }) =>
            isConflict && (
              <Button
                variant="default"
                size="compact-sm"
                style={{ alignSelf: "start" }}
                onClick={() => void cache.invalidateQueries({ queryKey: settings().queryKey })}
              >
                {t("settings.showNew")}
              </Button>
            )
          }
        />
      )}
      <Section title={t("settings.writeOffs")}>
        <Stack gap={16} maw={640}>
          <DecimalInput
            maw={320}
            label={t("settings.write_off_limit")}
            description={t("settings.about.write_off_limit")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            places={2}
            disabled={!may}
            value={limit}
            error={errors.of("write_off_limit")}
            onChange={setLimit}
          />
          <Text>{t("settings.what")}</Text>
          <Text>{t("settings.vat")}</Text>
          <Text>{t("settings.badDebts")}</Text>
        </Stack>
      </Section>
    </DocumentPage>
  );
}

/** Who moved the limit, and when. */
function History({ of }: { of: Settings }) {
  const { t } = useTranslation("invoicing");
  const format = useFormat();
  return (
    <AuditTimeline
      recordId={of.id}
      version={of.version}
      labelOf={(field) => (field === "write_off_limit" ? t("settings.write_off_limit") : null)}
      say={(_, value) =>
        typeof value === "string" ? format.money(value) : t("settings.withoutLimit")
      }
    />
  );
}
