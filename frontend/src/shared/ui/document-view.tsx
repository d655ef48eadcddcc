import { Anchor, Title } from "@mantine/core";
import { Link, useRouter, type LinkProps } from "@tanstack/react-router";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Money } from "@/shared/ui/money";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { useCan } from "@/shared/session/session";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { type Fact, Facts } from "@/shared/ui/facts";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { DocumentState } from "./document-status";
import classes from "./document-view.module.css";

/*
 * How every document with lines is shown: number and state, the three words, what may be done with
 * it, facts, lines (cards on a phone), totals, linked documents, history.
 */

type Props = {
  /** The list it belongs to. */
  back: { link: LinkProps; label: string };
  title: string;
  subtitle?: ReactNode;
  state: string;
  /** Beside the state: on hold, overdue. */
  flags?: ReactNode;
  /** `<StatusWords …/>`, where the document has them. */
  words?: ReactNode;
  /** `<CommandBar …/>` */
  commands?: ReactNode;
  /** Above everything: what stands in the way, what to do next. */
  notice?: ReactNode;
  facts: (Fact | false | null)[];
  /** `<LinesTable …/>` */
  lines?: ReactNode;
  totals?: ReactNode;
  links?: readonly DocumentLink[];
  /** Beside the linked documents: the journal entries of this one. */
  aside?: ReactNode;
  history?: {
    id: string;
    version: number;
    labelOf: (field: string) => string | null;
    say?: (field: string, value: unknown) => ReactNode;
  };
  children?: ReactNode;
};

export function DocumentView(props: Props) {
  const { t } = useTranslation("documents");
  const can = useCan();
  usePageTitle(props.title);
  const { history, links = [] } = props;
  const beside = links.length > 0 || !!props.aside || (history && can("audit:read"));
  return (
    <DocumentPage
      back={props.back}
      title={props.title}
      subtitle={props.subtitle}
      status={
        <>
          <DocumentState state={props.state} />
          {props.flags}
        </>
      }
      actions={props.commands}
      timeline={
        beside && (
          <div className={classes.aside}>
            <LinkedDocuments links={links} />
            {props.aside}
            {history && (
              <AuditTimeline
                recordId={history.id}
                version={history.version}
                labelOf={history.labelOf}
                {...(history.say && { say: history.say })}
              />
            )}
          </div>
        )
      }
    >
      {props.notice}
      <Section title={t("section.facts")}>
        {props.words && <div className={classes.words}>{props.words}</div>}
        <Facts facts={props.facts} />
      </Section>
      {props.lines && (
        <Section title={t("section.lines")}>
          {props.lines}
          {props.totals && <div className={classes.below}>{props.totals}</div>}
        </Section>
      )}
      {props.children}
    </DocumentPage>
  );
}

export type LineColumn<Line> = {
  id: string;
  label: string;
  cell: (line: Line) => ReactNode;
  align?: "end";
  /** On a phone's card: the heading, what stands beside it, or a row of its own (the default). */
  card?: "title" | "end" | "none";
  /** The permission without which the column is not there at all. */
  needs?: string;
};

/** The lines of a document: a table, and cards where there is no room for one. */
export function LinesTable<Line>({
  label,
  columns,
  lines,
  lineKey,
  empty,
}: {
  label: string;
  columns: (LineColumn<Line> | false)[];
  lines: readonly Line[];
  lineKey: (line: Line) => string;
  /** Said where there are none. */
  empty?: string;
}) {
  const can = useCan();
  const shown = columns.filter(
    (one): one is LineColumn<Line> => !!one && (one.needs === undefined || can(one.needs)),
  );
  if (lines.length === 0 && empty) return <p className={classes.none}>{empty}</p>;
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {shown.map((column) => (
              <th key={column.id} scope="col" data-align={column.align}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={lineKey(line)}>
              {shown.map((column) => (
                <td
                  key={column.id}
                  data-align={column.align}
                  data-card={column.card ?? "meta"}
                  data-label={column.label}
                >
                  {column.cell(line)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A product on a line: its name, its SKU below. */
export function ProductCell({ name, sku, more }: { name: string; sku: string; more?: ReactNode }) {
  return (
    <span className={classes.product}>
      <bdi>{name}</bdi>
      {(sku || more) && (
        <small>
          {sku && <bdi>{sku}</bdi>}
          {sku && more ? " · " : ""}
          {more}
        </small>
      )}
    </span>
  );
}

/** What is hidden from the reader is null, and its row left out. */
export type Total = { label: ReactNode; amount: string | null; strong?: boolean };

/** The sums of a document, as the server reckoned them. */
export function Totals({ rows }: { rows: (Total | false | null)[] }) {
  return (
    <dl className={classes.totals}>
      {rows
        .filter((one): one is Total => !!one && one.amount !== null)
        .map((row, index) => (
          <div key={index} data-strong={row.strong}>
            <dt>{row.label}</dt>
            <dd>
              <Money amount={row.amount} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** A document this one comes from, or that came from it. */
export type DocumentLink = {
  /** "sales.shipment" or "shipment", as the server calls it. */
  type: string;
  id: string;
  number: string | null;
  state?: string | null;
};

const pages = {
  sales_order: "/sales-orders/$id",
  shipment: "/shipments/$id",
  customer_return: "/customer-returns/$id",
  invoice: "/invoices/$id",
  credit_note: "/invoices/$id",
  advance: "/invoices/$id",
  requisition: "/requisitions/$id",
  enquiry: "/enquiries/$id",
  purchase_order: "/purchase-orders/$id",
  receipt: "/receipts/$id",
  supplier_return: "/supplier-returns/$id",
  bill: "/bills/$id",
  debit_note: "/bills/$id",
  payment: "/payments/$id",
  transfer: "/transfers/$id",
  count: "/counts/$id",
  stock_adjustment: "/stock-adjustments/$id",
  journal_entry: "/journal-entries/$id",
} as const;

type LinkedType = keyof typeof pages;

// Some speak of their table, some of its word in other domains.
const otherNames: Record<string, LinkedType> = {
  order: "sales_order",
  salesorder: "sales_order",
  customerreturn: "customer_return",
  return: "customer_return",
  creditnote: "credit_note",
  purchaseorder: "purchase_order",
  goods_receipt: "receipt",
  goodsreceipt: "receipt",
  supplierreturn: "supplier_return",
  debitnote: "debit_note",
  stock_transfer: "transfer",
  stocktransfer: "transfer",
  stock_count: "count",
  stockcount: "count",
  stockadjustment: "stock_adjustment",
  entry: "journal_entry",
  journalentry: "journal_entry",
};

function linkedType(type: string): LinkedType | null {
  const name = type.slice(type.lastIndexOf(".") + 1).toLowerCase();
  const known = otherNames[name] ?? name;
  return known in pages ? (known as LinkedType) : null;
}

/** The page of a document, as far as this app has one. */
export function useDocumentPage() {
  const router = useRouter();
  return (type: string, id: string): string | null => {
    const known = linkedType(type);
    if (!known) return null;
    const base = pages[known].replace("/$id", "");
    const exists = Object.keys(router.routesByPath).some((path) => path.startsWith(`${base}/$`));
    return exists ? `${base}/${id}` : null;
  };
}

/** What a document is called: "Shipment", whatever its table is named. */
export function useDocumentWord() {
  const { t } = useTranslation("documents");
  return (type: string) => {
    const known = linkedType(type);
    return known ? t(`type.${known}`) : type;
  };
}

export function LinkedDocuments({ links }: { links: readonly DocumentLink[] }) {
  const { t } = useTranslation("documents");
  const pageOf = useDocumentPage();
  const word = useDocumentWord();
  if (links.length === 0) return null;
  return (
    <section className={`aw-card ${classes.links ?? ""}`} aria-label={t("links.title")}>
      <Title order={2}>{t("links.title")}</Title>
      <ul>
        {links.map((link) => {
          const page = pageOf(link.type, link.id);
          const said = (
            <>
              {word(link.type)} <bdi>{link.number}</bdi>
            </>
          );
          return (
            <li key={`${link.type} ${link.id}`}>
              {page ? (
                <Anchor size="sm" renderRoot={(props) => <Link to={page} {...props} />}>
                  {said}
                </Anchor>
              ) : (
                <span>{said}</span>
              )}
              {link.state && <DocumentState state={link.state} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
