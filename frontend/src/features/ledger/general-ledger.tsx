import { Button, Group, Select } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { useEntryKind } from "@/shared/ui/entry-kind";
import { DateText } from "@/shared/ui/date-text";
import { EmptyState } from "@/shared/ui/empty-state";
import { Money } from "@/shared/ui/money";
import { RecordSelect } from "@/shared/ui/record-select";
import {
  ReportPage,
  ReportTable,
  SpanPicker,
  SpanText,
  useReportSearch,
  useSpan,
} from "@/shared/ui/report";

import {
  accountTree,
  findParties,
  flat,
  generalLedger,
  generalLedgerSheet,
  party as readParty,
} from "./queries";

const figure = (amount: string) => (/[1-9]/.test(amount) ? <Money amount={amount} /> : null);

/** The lines of an account, or of all accounts in a group, with the balance after each. */
export function GeneralLedger() {
  const { t } = useTranslation("ledger");
  const name = useName();
  const kind = useEntryKind();
  const can = useCan();
  const router = useRouter();
  const span = useSpan("thisYear");
  const [search, change] = useReportSearch();
  const { account = "", party = "", after } = search;
  const asked = {
    ...span,
    account,
    ...(party && { party_id: party }),
    ...(after && { after }),
  };
  const query = useQuery({ ...generalLedger(asked), enabled: account !== "" });
  const { data: tree } = useQuery({ ...accountTree(), enabled: can("account:read") });
  const { data: partner } = useQuery({ ...readParty(party), enabled: party !== "" });
  const report = query.data;
  const group = report?.account.is_group ?? false;
  return (
    <ReportPage
      title={t("ledger.title")}
      about={
        report && (
          <>
            <span className="aw-ltr">{report.account.code}</span> <bdi>{name(report.account)}</bdi>
            {partner && <> · {name(partner)}</>} · <SpanText span={span} />
          </>
        )
      }
      controls={
        <>
          <Select
            label={t("field.account")}
            placeholder={t("field.findAccount")}
            w={{ base: "100%", sm: 280 }}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t("list.nothingFound", { ns: "common" })}
            data={flat(tree ?? []).map((one) => ({
              value: one.code,
              label: `${one.code} ${name(one)}`,
            }))}
            value={account || null}
            onChange={(code) => {
              change({ account: code ?? undefined, after: undefined });
            }}
          />
          <RecordSelect
            label={t("field.party")}
            placeholder={t("field.everyParty")}
            w={{ base: "100%", sm: 200 }}
            clearable
            value={party || null}
            chosen={partner && name(partner)}
            find={findParties}
            rowLabel={name}
            onChange={(id) => {
              change({ party: id ?? undefined, after: undefined });
            }}
          />
          <SpanPicker span={span} />
        </>
      }
      csv={() => generalLedgerSheet({ ...asked })}
      query={query}
      asked={account !== ""}
    >
      {account === "" && (
        <div className="aw-card">
          <EmptyState icon={IconListDetails} title={t("ledger.choose")}>
            {t("ledger.chooseText")}
          </EmptyState>
        </div>
      )}
      {report && account !== "" && (
        <>
          <ReportTable label={t("ledger.title")}>
            <thead>
              <tr>
                <th scope="col">{t("field.date")}</th>
                <th scope="col">{t("ledger.entry")}</th>
                {group && <th scope="col">{t("field.account")}</th>}
                <th scope="col">{t("field.memo")}</th>
                <th scope="col">{t("field.source")}</th>
                <th scope="col" data-align="end">
                  {t("field.debit")}
                </th>
                <th scope="col" data-align="end">
                  {t("field.credit")}
                </th>
                <th scope="col" data-align="end">
                  {t("ledger.balance")}
                </th>
              </tr>
            </thead>
            <tbody>
              <tr data-group>
                <td colSpan={group ? 7 : 6}>{after ? t("ledger.carried") : t("ledger.opening")}</td>
                <td data-align="end">
                  <Money amount={report.opening} />
                </td>
              </tr>
              {report.rows.map((row, index) => (
                <tr key={index}>
                  <td>
                    <DateText day={row.date} />
                  </td>
                  <td>
                    {can("journal_entry:read") ? (
                      <Link
                        to="/journal-entries/$entryId"
                        params={{ entryId: String(row.entry_number) }}
                      >
                        {row.entry_number}
                      </Link>
                    ) : (
                      row.entry_number
                    )}
                  </td>
                  {group && (
                    <td>
                      <span className="aw-ltr">{row.account_code}</span>
                    </td>
                  )}
                  <td>
                    <bdi>{row.memo || kind(row.kind)}</bdi>
                    {row.party_code && (
                      <small style={{ color: "var(--aw-muted)" }}>
                        {" · "}
                        <bdi>
                          {name({
                            name_en: row.party_name_en ?? "",
                            name_ar: row.party_name_ar ?? "",
                          })}
                        </bdi>
                      </small>
                    )}
                  </td>
                  <td>
                    <span className="aw-ltr">{row.source_number}</span>
                  </td>
                  <td data-align="end">{figure(row.debit)}</td>
                  <td data-align="end">{figure(row.credit)}</td>
                  <td data-align="end">
                    <Money amount={row.balance} />
                  </td>
                </tr>
              ))}
              {report.rows.length === 0 && (
                <tr>
                  <td colSpan={group ? 8 : 7} style={{ color: "var(--aw-muted)" }}>
                    {t("ledger.quiet")}
                  </td>
                </tr>
              )}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={group ? 7 : 6}>{t("ledger.closing")}</td>
                <td data-align="end">
                  <Money amount={report.closing} />
                </td>
              </tr>
            </tfoot>
          </ReportTable>
          {(after ?? report.next) && (
            <Group justify="flex-end" gap={8} className="aw-screen-only">
              {after && (
                <Button
                  variant="default"
                  onClick={() => {
                    router.history.back();
                  }}
                >
                  {t("list.previous", { ns: "common" })}
                </Button>
              )}
              {report.next && (
                <Button
                  variant="default"
                  onClick={() => {
                    change({ after: report.next ?? undefined });
                    window.scrollTo({ top: 0 });
                  }}
                >
                  {t("list.next", { ns: "common" })}
                </Button>
              )}
            </Group>
          )}
        </>
      )}
    </ReportPage>
  );
}
