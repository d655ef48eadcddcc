import { Alert, Button, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconFileSpreadsheet, IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { type Schemas } from "@/shared/api/client";
import { asProblem, Problem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { AccountSelect, useMoneyAccounts } from "./account-select";
import { beginningOf, looksLikeCsv, readSheet, type Sheet } from "./csv-headings";
import classes from "./payments.module.css";
import { columnNames, type Columns, useUploadStatement } from "./queries";

type Format = Schemas["StatementFormat"];

const most = 5 * 1024 * 1024;
const dayFormats = { dmy: "%d/%m/%Y", mdy: "%m/%d/%Y", ymd: "%Y-%m-%d" } as const;

/** A statement as the bank offers it for download: choose the file, say of which account it is. */
export function StatementUpload() {
  const { t } = useTranslation("payments");
  const format = useFormat();
  const navigate = useNavigate();
  const can = useCan();
  const accounts = useMoneyAccounts();
  const upload = useUploadStatement();
  const [account, setAccount] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [kind, setKind] = useState<Format | null>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [isCsv, setCsv] = useState(false);
  const [columns, setColumns] = useState<Columns>({});
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  usePageTitle(t("upload.title"));
  if (!can("bank_statement:create"))
    return <ErrorState error={new Problem("forbidden", 403, "", "")} />;

  const account_id = account ?? accounts.usual("bank_transfer");
  const tooLarge = file !== null && file.size > most;
  const mapped = (isCsv && kind === null) || kind === "csv";
  const take = async (files: FileList | null) => {
    const first = files?.item(0);
    if (!first) return;
    setFile(first);
    setColumns({});
    setSheet(null);
    setCsv(false);
    upload.reset();
    const text = await beginningOf(first);
    setCsv(looksLikeCsv(text));
    setSheet(readSheet(text));
  };
  const reason = !file
    ? t("upload.noFile")
    : tooLarge
      ? t("upload.tooLargeShort")
      : account_id
        ? null
        : t("upload.noAccount");
  const send = () => {
    if (!file || !account_id || tooLarge || upload.isPending) return;
    const told = Object.fromEntries(Object.entries(columns).filter(([, value]) => value));
    upload.mutate(
      {
        file,
        account_id,
        format: kind,
        columns: mapped && Object.keys(told).length > 0 ? told : null,
      },
      {
        onSuccess: ({ statement, is_new, lines_known }) => {
          notifications.show({
            message: !is_new
              ? t("upload.again")
              : [
                  t("upload.done", { count: statement.line_count }),
                  ...(lines_known > 0 ? [t("upload.known", { count: lines_known })] : []),
                ].join(" "),
          });
          void navigate({
            to: "/bank-statements/$statementId",
            params: { statementId: statement.id },
            replace: true,
          });
        },
      },
    );
  };
  const problem = upload.error && asProblem(upload.error);

  return (
    <DocumentPage
      back={{ link: { to: "/bank-statements" }, label: t("bank.title") }}
      title={t("upload.title")}
      actions={
        <ReasonedButton onClick={send} loading={upload.isPending} reason={reason}>
          {t("upload.submit")}
        </ReasonedButton>
      }
    >
      {problem && <Refusal error={problem} more={problem.errors.map((one) => one.message)} />}
      <Section title={t("upload.file")} description={t("upload.fileText")}>
        <Stack gap={16}>
          <div
            className={classes.drop}
            data-over={over || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => {
              setOver(false);
            }}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              void take(event.dataTransfer.files);
            }}
          >
            <span aria-hidden>
              {file ? (
                <IconFileSpreadsheet size={32} stroke={1.4} />
              ) : (
                <IconUpload size={32} stroke={1.4} />
              )}
            </span>
            {file ? (
              <Text fw={500}>
                <bdi>{file.name}</bdi>
              </Text>
            ) : (
              <Text c="dimmed">{t("upload.drop")}</Text>
            )}
            <Button
              variant="default"
              onClick={() => {
                picker.current?.click();
              }}
            >
              {t(file ? "upload.another" : "upload.choose")}
            </Button>
            <input
              ref={picker}
              type="file"
              hidden
              accept=".csv,.txt,.xml,.sta,.mt940,.940,text/csv,text/xml,application/xml,text/plain"
              aria-label={t("upload.choose")}
              onChange={(event) => {
                void take(event.currentTarget.files);
                event.currentTarget.value = "";
              }}
            />
          </div>
          {tooLarge && (
            <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
              {t("upload.tooLarge", {
                size: `${format.quantity((file.size / 1_048_576).toFixed(1))} MB`,
              })}
            </Alert>
          )}
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <AccountSelect
              label={t("upload.account")}
              required
              value={account_id}
              onChange={setAccount}
            />
            <Select
              label={t("upload.format")}
              clearable
              placeholder={t("upload.guess")}
              value={kind}
              data={(["csv", "camt053", "mt940"] as const).map((value) => ({
                value,
                label: t(`bank.formats.${value}`),
              }))}
              onChange={(value) => {
                setKind(value);
              }}
            />
          </SimpleGrid>
        </Stack>
      </Section>
      {file && mapped && !tooLarge && (
        <Section title={t("upload.columns")} description={t("upload.columnsText")}>
          {sheet ? (
            <Mapping sheet={sheet} columns={columns} onChange={setColumns} />
          ) : (
            <Text c="dimmed">{t("upload.noHeadings")}</Text>
          )}
        </Section>
      )}
    </DocumentPage>
  );
}

function Mapping({
  sheet,
  columns,
  onChange,
}: {
  sheet: Sheet;
  columns: Columns;
  onChange: (columns: Columns) => void;
}) {
  const { t } = useTranslation("payments");
  const choose = (name: keyof Columns, value: string | null) => {
    onChange({ ...columns, [name]: value ?? "" });
  };
  const days = (["dmy", "mdy", "ymd"] as const).find(
    (one) => dayFormats[one] === columns.day_format,
  );
  return (
    <Stack gap={16}>
      <div className={classes.sheet} tabIndex={0} role="region" aria-label={t("upload.sample")}>
        <table aria-label={t("upload.sample")}>
          <thead>
            <tr>
              {sheet.headings.map((heading) => (
                <th key={heading} scope="col">
                  <bdi>{heading}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sheet.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, place) => (
                  <td key={place}>
                    <bdi>{cell}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing={16}>
        {columnNames.map((name) => (
          <Select
            key={name}
            label={t(`upload.column.${name}`)}
            placeholder={t("upload.itself")}
            clearable
            searchable={sheet.headings.length > 8}
            value={columns[name] ?? null}
            data={sheet.headings}
            onChange={(value) => {
              choose(name, value);
            }}
          />
        ))}
        <Select
          label={t("upload.days")}
          placeholder={t("upload.dayFormat.itself")}
          clearable
          value={days ?? null}
          data={(["dmy", "mdy", "ymd"] as const).map((value) => ({
            value,
            label: t(`upload.dayFormat.${value}`),
          }))}
          onChange={(value) => {
            choose("day_format", value && dayFormats[value]);
          }}
        />
      </SimpleGrid>
    </Stack>
  );
}
