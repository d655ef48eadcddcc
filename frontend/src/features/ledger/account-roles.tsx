import { Select, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import classes from "./ledger.module.css";
import { type AccountRole, accountRoles, accountTree, flat, useAssignRole } from "./queries";

/** Which account the program's own postings use for what. */
export function AccountRoles() {
  const { t } = useTranslation("ledger");
  const { data, error, isPending, refetch } = useQuery(accountRoles());
  const waits = useDelayed(isPending);
  usePageTitle(t("roles.title"));
  return (
    <DocumentPage
      back={{ link: { to: "/accounts" }, label: t("chart.title") }}
      title={t("roles.title")}
      subtitle={t("roles.text")}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {waits && <Skeleton height={480} radius={12} aria-busy />}
      {data && (
        <Section title={t("roles.title")}>
          <div>
            {data.map((role) => (
              <Role key={role.role} of={role} />
            ))}
          </div>
        </Section>
      )}
    </DocumentPage>
  );
}

function Role({ of }: { of: AccountRole }) {
  const { t } = useTranslation("ledger");
  const name = useName();
  const can = useCan();
  const assign = useAssignRole();
  const { data: tree } = useQuery(accountTree());
  const label = t(`role.${of.role}`);
  return (
    <div className={classes.role}>
      <div>
        {label}
        <p>{t(`roleText.${of.role}`)}</p>
      </div>
      <div>
        <Select
          aria-label={label}
          searchable
          allowDeselect={false}
          disabled={!can("account:edit") || assign.isPending}
          placeholder={t("roles.none")}
          nothingFoundMessage={t("list.nothingFound", { ns: "common" })}
          data={flat(tree ?? [])
            .filter((one) => !one.is_group && (one.is_active || one.id === of.account_id))
            .map((one) => ({ value: one.id, label: `${one.code} ${name(one)}` }))}
          value={of.account_id ?? null}
          onChange={(accountId) => {
            if (!accountId || accountId === of.account_id) return;
            assign.mutate(
              { of, accountId },
              {
                onSuccess: (saved) => {
                  notifications.show({
                    message: t("roles.saved", { role: label, code: saved.account_code ?? "" }),
                  });
                },
              },
            );
          }}
        />
        {assign.error && <Refusal error={assign.error} />}
      </div>
    </div>
  );
}
