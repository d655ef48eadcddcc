import { ActionIcon, Anchor, Button, Menu } from "@mantine/core";
import { IconDots, IconFileTypePdf, IconPrinter } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { download } from "@/shared/api/download";
import { printPdf, showPdf } from "@/shared/api/pdf";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { useDocumentPage, useDocumentWord } from "@/shared/ui/document-view";
import { Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Money, Quantity } from "@/shared/ui/money";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { WriteOffDialog, WriteOffs } from "@/shared/ui/write-offs";

import { CreditDialog } from "./credit-dialog";
import { Figures } from "./figures";
import { useAuditWords } from "./history";
import { InvoiceStatus } from "./invoice-status";
import classes from "./invoicing.module.css";
import { named } from "./names";
import { NetDialog } from "./net-dialog";
import { QrCode } from "./qr-code";
import { invoice, type Invoice, pdfOf, useBooked, xmlOf } from "./queries";

/** A document that no longer changes: posted or thrown away, or a draft one may only read. */
export function IssuedPage({
  of,
  payments,
}: {
  of: Invoice;
  /** The payments that answer it, from the feature that knows them. */
  payments?: ((of: Invoice) => ReactNode) | undefined;
}) {
  const { t } = useTranslation("invoicing");
  const { t: said } = useTranslation("payments");
  const name = useName();
  const can = useCan();
  const words = useAuditWords();
  const format = useFormat();
  const cache = useQueryClient();
  const booked = useBooked();
  const [crediting, setCrediting] = useState(false);
  const [writingOff, setWritingOff] = useState(false);
  const [netting, setNetting] = useState(false);
  const show = useMutation({ mutationFn: () => showPdf(pdfOf(of)) });
  const print = useMutation({ mutationFn: () => printPdf(pdfOf(of)) });
  const xml = useMutation({
    mutationFn: () => download(xmlOf(of), `${of.number ?? "invoice"}.xml`),
  });
  const title = of.number ?? t("draft.of", { customer: name(named(of)) });
  usePageTitle(title);
  const posted = of.state === "posted";
  // An advance is used up by the final invoice; it is no debt.
  const payable =
    posted && of.kind !== "advance" && isSome(of.open_amount) && can("payment:create");
  const creditable =
    posted && of.kind === "invoice" && of.payment_state !== "credited" && can("invoice:credit");
  // Somebody else was faster: the document as it is now, and its dialog anew.
  const readAgain = () => {
    setWritingOff(false);
    setNetting(false);
    void cache.invalidateQueries({ queryKey: invoice(of.id).queryKey });
  };

  return (
    <DocumentPage
      back={{ link: { to: "/invoices" }, label: t("invoices.title") }}
      title={title}
      subtitle={
        <>
          {t(`kindOf.${of.kind}`, { type: t(`type.${of.type}`) })} · <bdi>{name(named(of))}</bdi>
        </>
      }
      status={<InvoiceStatus of={of} />}
      actions={
        posted && (
          <>
            {payable && (
              <Button
                renderRoot={(props) => (
                  <Link
                    to="/payments/$paymentId"
                    params={{ paymentId: "new" }}
                    search={{ document: of.id }}
                    {...props}
                  />
                )}
              >
                {said(of.kind === "credit_note" ? "ofDocument.giveBack" : "ofDocument.record")}
              </Button>
            )}
            <Button
              variant={payable ? "default" : "filled"}
              leftSection={<IconFileTypePdf size={16} aria-hidden />}
              loading={show.isPending}
              onClick={() => {
                show.mutate();
              }}
            >
              {t("paper.open")}
            </Button>
            {/* A phone has room for two buttons under the thumb; the others wait in the menu. */}
            <Button
              visibleFrom="sm"
              variant="default"
              leftSection={<IconPrinter size={16} aria-hidden />}
              loading={print.isPending}
              onClick={() => {
                print.mutate();
              }}
            >
              {t("paper.print")}
            </Button>
            {creditable && (
              <Button
                visibleFrom="sm"
                variant="default"
                onClick={() => {
                  setCrediting(true);
                }}
              >
                {t("credit.open")}
              </Button>
            )}
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon
                  variant="default"
                  size={36}
                  aria-label={t("action.more", { ns: "common" })}
                  loading={xml.isPending}
                >
                  <IconDots size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  hiddenFrom="sm"
                  onClick={() => {
                    print.mutate();
                  }}
                >
                  {t("paper.print")}
                </Menu.Item>
                {creditable && (
                  <Menu.Item
                    hiddenFrom="sm"
                    onClick={() => {
                      setCrediting(true);
                    }}
                  >
                    {t("credit.open")}
                  </Menu.Item>
                )}
                {of.next_commands.includes("net") && (
                  <Menu.Item
                    onClick={() => {
                      setNetting(true);
                    }}
                  >
                    {t("net.open")}
                  </Menu.Item>
                )}
                {of.next_commands.includes("write_off") && (
                  <Menu.Item
                    onClick={() => {
                      setWritingOff(true);
                    }}
                  >
                    {t("writeOff.open")}
                  </Menu.Item>
                )}
                <Menu.Item
                  onClick={() => {
                    xml.mutate();
                  }}
                >
                  {t("paper.xml")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )
      }
      timeline={
        <>
          {posted && payments?.(of)}
          <Related of={of} />
          <AuditTimeline recordId={of.id} version={of.version} {...words} />
        </>
      }
    >
      <Refusal error={show.error ?? print.error ?? xml.error} />
      <Section title={t("section.facts")}>
        <Facts
          facts={[
            {
              label: t("field.customer"),
              value: can("party:read") ? (
                <Anchor
                  renderRoot={(props) => <Link to={`/parties/${of.customer_id}`} {...props} />}
                >
                  <bdi>{name(named(of))}</bdi>
                </Anchor>
              ) : (
                <bdi>{name(named(of))}</bdi>
              ),
            },
            { label: t("field.issued_on"), value: <DateText day={of.issued_on} /> },
            of.supplied_on !== null && {
              label: t("field.supplied_on"),
              value: <DateText day={of.supplied_on} />,
            },
            of.kind === "invoice" && {
              label: t("field.due_on"),
              value: <DateText day={of.due_on} />,
            },
            of.reason !== "" && {
              label: t("credit.reason"),
              value: <Reason of={of.reason} />,
              wide: true,
            },
            { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
            {
              label: t("field.external_number"),
              value: of.external_number && <span className="aw-ltr">{of.external_number}</span>,
            },
            of.currency !== "SAR" && {
              label: t("field.exchange_rate"),
              value: (
                <>
                  <Quantity amount={of.exchange_rate} /> SAR / {of.currency}
                </>
              ),
            },
            of.prices_include_vat && {
              label: t("field.prices"),
              value: t("field.prices_include_vat"),
            },
            of.is_export && { label: t("field.supply"), value: t("field.is_export") },
            of.issued_at !== null && {
              label: t("field.issued_at"),
              value: <MomentText at={of.issued_at} />,
            },
          ]}
        />
      </Section>
      <Section title={t("section.lines")}>
        <Lines of={of} />
        <div className={classes.below}>
          <Figures of={of} />
        </div>
      </Section>
      <WriteOffs
        of={of}
        permission="invoice:write_off"
        send={(one) =>
          ({ query, headers }) =>
            client.POST("/api/invoices/{invoice_id}/write-offs/{write_off_id}/take-back", {
              params: { path: { invoice_id: of.id, write_off_id: one.id }, query },
              headers,
              body: {},
            })
          }
        onStale={readAgain}
        onDone={(answer) => {
          booked(answer as Invoice);
        }}
      />
      {(of.notes_en || of.notes_ar) && (
        <Section title={t("section.notes")}>
          <Facts
            facts={[
              { label: t("field.notes_en"), value: of.notes_en && <bdi>{of.notes_en}</bdi> },
              { label: t("field.notes_ar"), value: of.notes_ar && <bdi>{of.notes_ar}</bdi> },
            ]}
          />
        </Section>
      )}
      {of.qr && (
        <Section title={t("section.qr")}>
          <div className={classes.qr}>
            <QrCode value={of.qr} label={t("section.qr")} />
            <p>{t("section.qrText")}</p>
          </div>
        </Section>
      )}
      {crediting && (
        <CreditDialog
          of={of}
          onClose={() => {
            setCrediting(false);
          }}
        />
      )}
      {netting && (
        <NetDialog
          of={of}
          onStale={readAgain}
          onClose={() => {
            setNetting(false);
          }}
        />
      )}
      {writingOff && (
        <WriteOffDialog
          of={of}
          text={t("writeOff.text", { amount: `${format.money(of.open_amount)} ${of.currency}` })}
          part={{ most: of.open_amount, currency: of.currency }}
          send={({ query, headers, reason, amount }) =>
            client.POST("/api/invoices/{invoice_id}/write-off", {
              params: { path: { invoice_id: of.id }, query },
              headers,
              body: { reason, amount },
            })
          }
          help={(problem) =>
            problem.code === "write_off_too_high" &&
            can("invoice:manage") && (
              <Anchor renderRoot={(props) => <Link to="/invoicing-settings" {...props} />}>
                {t("writeOff.limit")}
              </Anchor>
            )
          }
          onStale={readAgain}
          onDone={(answer) => {
            booked(answer as Invoice);
          }}
          onClose={() => {
            setWritingOff(false);
          }}
        />
      )}
    </DocumentPage>
  );
}

const isSome = (amount: string) => /[1-9]/.test(amount) && !amount.startsWith("-");

const reasons = [
  "cancelled",
  "supply_changed",
  "value_amended",
  "refunded",
  "details_changed",
] as const;

function Reason({ of }: { of: string }) {
  const { t } = useTranslation("invoicing");
  const known = reasons.find((one) => one === of);
  return known ? t(`reason.${known}`) : of;
}

function Lines({ of }: { of: Invoice }) {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const discounted = of.lines.some((line) => /[1-9]/.test(line.discount));
  const credited = of.lines.some((line) => /[1-9]/.test(line.credited));
  return (
    <div className={classes.scroll}>
      <table className={`${classes.table} ${classes.cards}`} aria-label={t("section.lines")}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t("line.item")}</th>
            <th scope="col" data-align="end">
              {t("line.quantity")}
            </th>
            <th scope="col" data-align="end">
              {t("line.unit_price")}
            </th>
            {discounted && (
              <th scope="col" data-align="end">
                {t("line.discount")}
              </th>
            )}
            <th scope="col">{t("line.tax")}</th>
            <th scope="col" data-align="end">
              {t("line.net")}
            </th>
            {credited && (
              <th scope="col" data-align="end">
                {t("line.credited")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {of.lines.map((line) => (
            <tr key={line.id}>
              <td data-place>{line.position}</td>
              <td data-item>
                <bdi>{name(line)}</bdi>
                {line.sku && (
                  <>
                    <br />
                    <small className="aw-ltr">{line.sku}</small>
                  </>
                )}
              </td>
              <td data-align="end" data-label={t("line.quantity")}>
                <Quantity
                  amount={line.quantity}
                  unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
                />
              </td>
              <td data-align="end" data-label={t("line.unit_price")}>
                <Price amount={line.unit_price} />
              </td>
              {discounted && (
                <td data-align="end" data-label={t("line.discount")}>
                  <Money amount={line.discount} />
                </td>
              )}
              <td data-label={t("line.tax")}>
                {line.tax_category === "S" ? (
                  <span className="aw-ltr">{line.tax_rate}%</span>
                ) : (
                  <>
                    {t(`taxName.${line.tax_category}`)}
                    {line.exemption_code && (
                      <>
                        <br />
                        <small className="aw-ltr">{line.exemption_code}</small>
                      </>
                    )}
                  </>
                )}
              </td>
              <td data-align="end" data-net>
                <Money amount={line.net} />
              </td>
              {credited && (
                <td data-align="end" data-label={t("line.credited")}>
                  {/[1-9]/.test(line.credited) && <Quantity amount={line.credited} />}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A price has two decimals, or as many as it needs. */
function Price({ amount }: { amount: string }) {
  const short = (amount.split(".")[1]?.length ?? 0) <= 2;
  return short ? <Money amount={amount} /> : <Quantity amount={amount} />;
}

/** The documents and the entry that belong to this one. */
function Related({ of }: { of: Invoice }) {
  const { t } = useTranslation("invoicing");
  const pageOf = useDocumentPage();
  const word = useDocumentWord();
  const can = useCan();
  const entry = of.entry_id !== null && can("journal_entry:read");
  const source = of.source_id && pageOf(of.source_type, of.source_id);
  if (!entry && !source && of.original_id === null && of.corrections.length === 0) return null;
  return (
    <section
      className="aw-card"
      style={{ padding: 16, marginBottom: 16 }}
      aria-label={t("related.title")}
    >
      <h2 style={{ margin: "0 0 12px", fontSize: 16, fontWeight: 600 }}>{t("related.title")}</h2>
      <ul className={classes.links}>
        {source && (
          <li>
            <Anchor size="sm" renderRoot={(props) => <Link to={source} {...props} />}>
              {word(of.source_type)} <span className="aw-ltr">{of.source_number}</span>
            </Anchor>
          </li>
        )}
        {of.original_id && (
          <li>
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link
                  to="/invoices/$invoiceId"
                  params={{ invoiceId: of.original_id ?? "" }}
                  {...props}
                />
              )}
            >
              {t("related.original", { number: of.original_number ?? "" })}
            </Anchor>
          </li>
        )}
        {of.corrections.map((one) => (
          <li key={one.id}>
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link to="/invoices/$invoiceId" params={{ invoiceId: one.id }} {...props} />
              )}
            >
              {t(`kind.${one.kind}`)} <span className="aw-ltr">{one.number}</span>
            </Anchor>
            <Money amount={one.total} />
          </li>
        ))}
        {entry && (
          <li>
            <Anchor
              size="sm"
              renderRoot={(props) => <Link to={`/journal-entries/${of.entry_id}`} {...props} />}
            >
              {t("related.entry")}
            </Anchor>
          </li>
        )}
      </ul>
    </section>
  );
}
