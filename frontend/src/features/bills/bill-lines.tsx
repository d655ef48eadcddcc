import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { LineEditor, type LineField } from "@/shared/ui/line-editor";
import { Money } from "@/shared/ui/money";
import { PickCell, PickOption } from "@/shared/ui/pick-cell";

import { begunLines, type BillDraft, described, type EditedLine, emptyLine } from "./bill-values";
import classes from "./bills.module.css";
import { Figures } from "./figures";
import { findAccounts } from "./queries";

type Row = EditedLine & { what: string; account_id: string; net: string };

const taxes = ["S", "Z", "E", "O"] as const;

/** The lines of a bill: what came, where it is spent, and its VAT. */
export function BillLines({ state }: { state: BillDraft }) {
  const { t } = useTranslation("bills");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const { draft, change, saved } = state;
  const ofOrder = saved?.source_id != null;
  const nets = new Map(
    saved?.lines.map((line, index) => [begunLines(draft)[index]?.key ?? "", line.net]),
  );
  const rows: Row[] = draft.lines.map((line) => ({
    ...line,
    what: name(line),
    account_id: line.typed ?? line.account?.code ?? "",
    net: nets.get(line.key) ?? "",
  }));
  const changeLine = (key: string, values: Partial<EditedLine>) => {
    change({
      lines: draft.lines.map((line) => (line.key === key ? { ...line, ...values } : line)),
    });
  };
  /** Text left in an account's cell is its code, its name, or nothing we know. */
  const understand = async (line: EditedLine) => {
    const text = line.typed?.trim() ?? "";
    if (text === "") {
      changeLine(line.key, { typed: null, ...(line.typed !== null && { account: null }) });
      return;
    }
    const { items } = await cache.query(findAccounts(text)).catch(() => ({ items: [] }));
    const exact =
      items.find((one) => one.code === text || one.name_en === text || one.name_ar === text) ??
      (items.length === 1 ? items[0] : undefined);
    if (exact) changeLine(line.key, { typed: null, account: exact });
  };
  const changeLines = (next: Row[]) => {
    const before = new Map(rows.map((row) => [row.key, row]));
    const lines = next.map((row) => {
      const { what, account_id } = row;
      const line = withoutShown(row);
      const was = before.get(row.key);
      const pasted = account_id !== "" && account_id !== (was?.account_id ?? "");
      return {
        ...line,
        // A pasted cell may hold anything.
        tax_category: taxes.find((one) => one === line.tax_category) ?? ("S" as const),
        ...(what !== (was?.what ?? "") && described(what)),
        ...(pasted && { typed: account_id, account: null }),
      };
    });
    change({ lines });
  };
  const cell = (field: string, row: number) =>
    t("lines.cell", { ns: "common", field, row: row + 1 });
  const fields: LineField<Row>[] = [
    {
      id: "what",
      label: t("line.what"),
      render: (line, set, index) =>
        line.source_line_id || line.product_id ? (
          <div className={classes.item}>
            <bdi>{name(line)}</bdi>
            <small>
              <bdi>{line.sku}</bdi>
            </small>
          </div>
        ) : (
          <input
            className={classes.text}
            aria-label={cell(t("line.what"), index)}
            placeholder={t("line.whatHint")}
            dir="auto"
            maxLength={300}
            value={line.what}
            onChange={(event) => {
              set({ what: event.currentTarget.value });
            }}
          />
        ),
    },
    ...(can("account:read") && (!ofOrder || draft.lines.some((line) => !line.source_line_id))
      ? [
          {
            id: "account_id",
            label: t("line.account"),
            width: 170,
            wide: true,
            render: (line: Row, _: unknown, index: number) =>
              line.source_line_id ? null : (
                <PickCell
                  label={cell(t("line.account"), index)}
                  chosen={line.account ? `${line.account.code} ${name(line.account)}` : ""}
                  typed={line.typed}
                  placeholder={t("line.accountHint")}
                  invalid={!!line.typed || !!state.errorAt(line.key, "account_id")}
                  find={findAccounts}
                  option={(one) => <PickOption name={name(one)} code={one.code} />}
                  onType={(typed) => {
                    changeLine(line.key, { typed });
                  }}
                  onPick={(account) => {
                    changeLine(line.key, { typed: null, account });
                  }}
                  onLeave={() => void understand(line)}
                />
              ),
          } satisfies LineField<Row>,
        ]
      : []),
    { id: "quantity", label: t("line.quantity"), width: 76, align: "end", kind: "number" },
    { id: "unit_price", label: t("line.price"), width: 100, align: "end", kind: "number" },
    ...(ofOrder || draft.lines.some((line) => line.discount !== "")
      ? [
          {
            id: "discount",
            label: t("line.discount"),
            width: 84,
            align: "end",
            kind: "number",
          } satisfies LineField<Row>,
        ]
      : []),
    {
      id: "tax_category",
      label: t("line.tax"),
      width: 96,
      render: (line, set, index) => (
        <select
          className={classes.select}
          aria-label={cell(t("line.tax"), index)}
          value={line.tax_category}
          onChange={(event) => {
            const value = taxes.find((one) => one === event.currentTarget.value) ?? "S";
            set({ tax_category: value, tax_rate: "" });
          }}
        >
          {taxes.map((one) => (
            <option key={one} value={one}>
              {t(`tax.${one}`)}
            </option>
          ))}
        </select>
      ),
    },
    ...(draft.vat_treatment === "customs"
      ? [
          {
            id: "is_tax_only",
            label: t("line.taxOnly"),
            width: 70,
            render: (line: Row, set: (values: Partial<Row>) => void, index: number) => (
              <div className={classes.item}>
                <input
                  type="checkbox"
                  aria-label={cell(t("line.taxOnly"), index)}
                  checked={line.is_tax_only}
                  onChange={(event) => {
                    set({ is_tax_only: event.currentTarget.checked });
                  }}
                />
              </div>
            ),
          } satisfies LineField<Row>,
        ]
      : []),
    {
      id: "net",
      label: t("line.net"),
      width: 96,
      align: "end",
      readOnly: true,
      render: (line) => (
        <div className={classes.net} data-old={state.dirty ? true : undefined}>
          {line.net ? <Money amount={line.net} /> : "—"}
        </div>
      ),
    },
  ];
  return (
    <LineEditor<Row>
      label={t("section.lines")}
      fields={fields}
      lines={rows}
      onChange={changeLines}
      newLine={() => ({ ...emptyLine(), what: "", account_id: "", net: "" })}
      lineKey={(line) => line.key}
      errorAt={(index, field) => {
        const line = draft.lines[index];
        if (!line) return undefined;
        if (field === "account_id" && line.typed !== null && line.typed !== "")
          return t("line.unknownAccount");
        const names = field === "what" ? ["name_en", "source_line_id", "product_id"] : [field];
        return names.map((one) => state.errorAt(line.key, one)).find(Boolean);
      }}
      footer={
        saved && (
          <div data-old={state.dirty ? true : undefined} className={classes.totals}>
            <Figures of={saved} />
          </div>
        )
      }
    />
  );
}

// What is only shown beside a line is never sent.
function withoutShown(row: Row): EditedLine {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const { what: _what, account_id: _account, net: _net, ...line } = row;
  return line;
}
