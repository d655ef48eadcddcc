import { ActionIcon, Anchor, Button, Menu, Skeleton, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { BankAccounts } from "@/shared/banking/bank-accounts";
import { Masked } from "@/shared/banking/masked";
import { revealPersonalId } from "@/shared/banking/queries";
import { useName } from "@/shared/i18n/names";
import { useCan, useMe } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { useNameOf } from "@/shared/ui/country-select";
import { DateText } from "@/shared/ui/date-text";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { Money } from "@/shared/ui/money";
import { StatusBadge, type Tone } from "@/shared/ui/status-badge";
import { useDelayed } from "@/shared/ui/use-delayed";
import { forgetDraft } from "@/shared/ui/use-draft";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useRecordEditor } from "@/shared/ui/use-record-editor";

import {
  isPersonal,
  PartyForm,
  partyFormId,
  type PartyValues,
  schemes,
  valuesOf,
} from "./party-form";
import classes from "./party-page.module.css";
import { PartyStatus, useRole } from "./party-status";
import {
  latestInvoices,
  type Party,
  party,
  readParty,
  receivables,
  salespeople,
  useDeactivateParty,
  useSaveParty,
} from "./queries";

export function NewParty() {
  const { t } = useTranslation("parties");
  const name = useName();
  const navigate = useNavigate();
  const save = useSaveParty();
  const limited = useMe()?.own_customers_only ?? false;
  usePageTitle(t("add"));
  return (
    <DocumentPage
      back={{ link: { to: "/parties" }, label: t("title") }}
      title={t("add")}
      actions={
        <Button type="submit" form={partyFormId} loading={save.isPending}>
          {t("create")}
        </Button>
      }
    >
      <PartyForm
        draftKey="party.new"
        initial={valuesOf(null)}
        error={save.error}
        saveAnyway={t("createAnyway")}
        onSave={async (values, allowDuplicate) => {
          const { salesperson_id, ...rest } = values;
          // Who sees only own customers becomes the salesperson of a new one by itself.
          const sent = limited ? rest : { ...rest, salesperson_id };
          const saved = await save.mutateAsync({ of: null, values: sent, allowDuplicate });
          notifications.show({ message: t("created", { name: name(saved) }) });
          return () =>
            navigate({ to: "/parties/$partyId", params: { partyId: saved.id }, replace: true });
        }}
      />
    </DocumentPage>
  );
}

function useShown(id: string) {
  const { data, error, isPending, refetch } = useQuery(party(id));
  const waits = useDelayed(isPending);
  const instead = error ? (
    <ErrorState error={error} onRetry={() => void refetch()} />
  ) : waits ? (
    <div className="aw-page" aria-busy>
      <Skeleton height={14} width={90} mb={16} />
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={220} maw={880} radius={12} mb={16} />
      <Skeleton height={180} maw={880} radius={12} />
    </div>
  ) : null;
  return { data, instead };
}

export function PartyPage() {
  const { partyId } = useParams({ from: "/shell/parties/$partyId" });
  const { data, instead } = useShown(partyId);
  return data ? <Show key={data.id} party={data} /> : instead;
}

export function EditParty() {
  const { partyId } = useParams({ from: "/shell/parties/$partyId/edit" });
  const { data, instead } = useShown(partyId);
  return data ? <Edit key={data.id} shown={data} /> : instead;
}

function Edit({ shown }: { shown: Party }) {
  const { t } = useTranslation("parties");
  const name = useName();
  const can = useCan();
  const navigate = useNavigate();
  const save = useSaveParty();
  const labelOf = useFieldLabel();
  const say = useFieldValue();
  const editor = useRecordEditor<Party, PartyValues>({
    shown,
    valuesOf,
    change: (of, values) => save.mutateAsync({ of, values }),
    reload: () => readParty(shown.id),
    labelOf: (field) => labelOf(field) ?? field,
    say: (value, field) => say(field, value) ?? String(value),
  });
  const { base } = editor;
  usePageTitle(name(base));
  const toPage = (saved: Party) => {
    notifications.show({ message: t("saved") });
    forgetDraft(`party.${base.id}.${base.version}`);
    // What was saved needs no warning, even before the form has noticed.
    return navigate({
      to: "/parties/$partyId",
      params: { partyId: saved.id },
      ignoreBlocker: true,
    });
  };
  return (
    <DocumentPage
      back={{
        link: { to: "/parties/$partyId", params: { partyId: base.id } },
        label: name(base),
      }}
      title={t("editTitle", { name: name(base) })}
      subtitle={<span className="aw-ltr">{base.code}</span>}
      actions={
        can("party:edit") && (
          <Button type="submit" form={partyFormId} loading={save.isPending}>
            {t("action.save", { ns: "common" })}
          </Button>
        )
      }
    >
      {editor.notices((saved) => void toPage(saved))}
      <PartyForm
        key={base.version}
        draftKey={`party.${base.id}.${base.version}`}
        initial={valuesOf(base)}
        error={editor.inConflict ? null : save.error}
        saveAnyway={t("saveAnyway")}
        onSave={async (values, allowDuplicate) => {
          const saved = await editor.save(values, base, (of, changed) =>
            save.mutateAsync({ of, values: changed, allowDuplicate }),
          );
          return () => toPage(saved);
        }}
      />
    </DocumentPage>
  );
}

function Show({ party: shown }: { party: Party }) {
  const { t } = useTranslation("parties");
  const name = useName();
  const can = useCan();
  const role = useRole();
  const country = useNameOf("region");
  const save = useSaveParty();
  const deactivate = useDeactivateParty();
  const [asking, setAsking] = useState(false);
  const labelOf = useFieldLabel();
  const say = useFieldValue();
  usePageTitle(`${shown.code} ${name(shown)}`);
  const personOf = usePersonOf();
  const mayEdit = can("party:edit");
  const mayDeactivate = shown.is_active && can("party:delete");
  const scheme = schemes.find((one) => one === shown.other_id_scheme);
  return (
    <DocumentPage
      back={{ link: { to: "/parties" }, label: t("title") }}
      title={name(shown)}
      subtitle={
        <>
          <span className="aw-ltr">{shown.code}</span> · {role(shown)}
        </>
      }
      status={<PartyStatus party={shown} />}
      actions={
        (mayEdit || mayDeactivate) && (
          <>
            {mayEdit && (
              <Button
                renderRoot={(props) => (
                  <Link to="/parties/$partyId/edit" params={{ partyId: shown.id }} {...props} />
                )}
              >
                {t("edit")}
              </Button>
            )}
            {mayEdit && !shown.is_active && (
              <Button
                variant="default"
                loading={save.isPending}
                onClick={() => {
                  save.mutate({ of: shown, values: { is_active: true } });
                }}
              >
                {t("activate")}
              </Button>
            )}
            {mayDeactivate && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon
                    variant="default"
                    size={36}
                    aria-label={t("action.more", { ns: "common" })}
                  >
                    <IconDots size={18} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    color="red"
                    onClick={() => {
                      setAsking(true);
                    }}
                  >
                    {t("deactivate")}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        )
      }
      timeline={
        can("audit:read") && (
          <AuditTimeline recordId={shown.id} version={shown.version} labelOf={labelOf} say={say} />
        )
      }
    >
      <Refusal error={save.error} />
      {shown.is_customer && can("report:read") && <Receivables of={shown} />}
      <Section title={t("section.basics")}>
        <Facts
          facts={[
            { label: t("field.name_en"), value: shown.name_en && <bdi>{shown.name_en}</bdi> },
            { label: t("field.name_ar"), value: shown.name_ar && <bdi>{shown.name_ar}</bdi> },
            {
              label: t("kind.title"),
              value: t(shown.is_business ? "kind.business" : "kind.private"),
            },
            {
              label: t("field.vat_number"),
              value: shown.vat_number && (
                <span className="aw-ltr aw-figures">{shown.vat_number}</span>
              ),
            },
            {
              label: scheme ? t(`scheme.${scheme}`) : t("field.other_id"),
              value: shown.other_id && (
                <Masked
                  masked={shown.other_id}
                  reveal={
                    isPersonal(shown.other_id_scheme) &&
                    can("personal_id:reveal") &&
                    (() => revealPersonalId(shown.id))
                  }
                />
              ),
            },
            {
              label: t("field.email"),
              value: shown.email && (
                <Anchor fz="inherit" href={`mailto:${shown.email}`}>
                  {shown.email}
                </Anchor>
              ),
            },
            {
              label: t("field.phone"),
              value: shown.phone && (
                <Anchor
                  fz="inherit"
                  className="aw-ltr"
                  href={`tel:${shown.phone.replace(/[^+\d]/g, "")}`}
                >
                  {shown.phone}
                </Anchor>
              ),
            },
            {
              label: t("field.language"),
              value: shown.language === "ar" ? "العربية" : "English",
            },
            { label: t("field.notes"), value: shown.notes && <bdi>{shown.notes}</bdi>, wide: true },
          ]}
        />
      </Section>
      <Section title={t("section.address")}>
        <div className={classes.addresses}>
          <Address of={shown} lng="en" country={country(shown.country)} />
          <Address of={shown} lng="ar" country={country(shown.country)} />
        </div>
      </Section>
      <Section title={t("section.terms")}>
        <Facts
          facts={[
            {
              label: t("field.credit_limit"),
              value:
                shown.credit_limit === null ? (
                  t("noLimit")
                ) : (
                  <Money amount={shown.credit_limit} currency="SAR" />
                ),
            },
            {
              label: t("field.payment_terms_days"),
              value: t("terms", { count: shown.payment_terms_days }),
            },
            { label: t("field.currency"), value: shown.currency },
            ...(shown.is_customer
              ? [{ label: t("field.salesperson_id"), value: personOf(shown.salesperson_id) }]
              : []),
          ]}
        />
      </Section>
      <BankAccounts owner={shown.id} />
      {shown.is_customer && can("invoice:read") && <Invoices of={shown} />}
      <ConfirmDanger
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
        title={t("deactivateTitle", { name: name(shown) })}
        verb={t("deactivate")}
        busy={deactivate.isPending}
        error={deactivate.error}
        onConfirm={() => {
          deactivate.mutate(shown, {
            onSuccess: () => {
              notifications.show({ message: t("deactivated", { name: name(shown) }) });
              setAsking(false);
            },
          });
        }}
      >
        {t("deactivateText")}
      </ConfirmDanger>
    </DocumentPage>
  );
}

/** The national address as it is written on an envelope, in one language. */
function Address({ of, lng, country }: { of: Party; lng: "en" | "ar"; country: string }) {
  const { t, i18n } = useTranslation("parties");
  const [street, district, city] = [of[`street_${lng}`], of[`district_${lng}`], of[`city_${lng}`]];
  if (!street && !district && !city) {
    const other = lng === "en" ? of.street_ar || of.city_ar : of.street_en || of.city_en;
    return other ? null : lng === "en" ? (
      <Text c="dimmed">{of.postal_code || of.building_number ? "" : t("noAddress")}</Text>
    ) : null;
  }
  const comma = lng === "ar" ? "، " : ", ";
  return (
    <address className={classes.address} dir={lng === "ar" ? "rtl" : "ltr"} lang={lng}>
      {[of.building_number, street].filter(Boolean).join(" ")}
      <br />
      {[district, city].filter(Boolean).join(comma)}
      <br />
      {[of.postal_code, of.additional_number].filter(Boolean).join(" – ")}
      {lng === i18n.language && (
        <>
          <br />
          {country}
        </>
      )}
    </address>
  );
}

const buckets = ["current", "days_1_30", "days_31_60", "days_61_90", "days_over_90"] as const;

/** What the customer owes, by how long it is due. */
function Receivables({ of }: { of: Party }) {
  const { t } = useTranslation("parties");
  const { data, error, isPending, refetch } = useQuery(receivables(of.id));
  const statement = {
    to: "/reports/statements",
    search: { party: of.id },
  } satisfies LinkProps;
  return (
    <Section title={t("section.receivables")}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton height={56} radius={8} />
      ) : (
        <>
          <dl className={classes.ageing}>
            <div data-total>
              <dt>{t("ageing.total")}</dt>
              <dd>
                <Money amount={data.total} currency="SAR" />
              </dd>
            </div>
            {buckets.map((bucket) => (
              <div
                key={bucket}
                data-late={
                  bucket !== "current" && data.buckets[bucket] !== "0.00" ? true : undefined
                }
              >
                <dt>{t(`ageing.${bucket}`)}</dt>
                <dd>
                  <Money amount={data.buckets[bucket]} />
                </dd>
              </div>
            ))}
          </dl>
          <Anchor renderRoot={(props) => <Link {...statement} {...props} />} size="sm">
            {t("openStatement")}
          </Anchor>
        </>
      )}
    </Section>
  );
}

const states: Record<string, Tone> = {
  none: "draft",
  unpaid: "attention",
  part_paid: "attention",
  paid: "good",
  credited: "closed",
};
const words = ["none", "unpaid", "part_paid", "paid", "credited"] as const;

function Invoices({ of }: { of: Party }) {
  const { t } = useTranslation("parties");
  const { data, error, isPending, refetch } = useQuery(latestInvoices(of.id));
  const word = (state: string) => words.find((one) => one === state) ?? "none";
  return (
    <Section title={t("section.invoices")}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton height={120} radius={8} />
      ) : data.items.length === 0 ? (
        <Text c="dimmed">{t("noInvoices")}</Text>
      ) : (
        <>
          <div className={classes.scroll}>
            <Table fz={13} horizontalSpacing={12} miw={520} className="aw-figures">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("invoice.number")}</Table.Th>
                  <Table.Th>{t("invoice.issued")}</Table.Th>
                  <Table.Th>{t("invoice.state")}</Table.Th>
                  <Table.Th ta="right">{t("invoice.total")}</Table.Th>
                  <Table.Th ta="right">{t("invoice.open")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map((invoice) => (
                  <Table.Tr key={invoice.id}>
                    <Table.Td>
                      <Anchor
                        size="sm"
                        renderRoot={(props) => (
                          <Link
                            to="/invoices/$invoiceId"
                            params={{ invoiceId: invoice.id }}
                            {...props}
                          />
                        )}
                      >
                        <span className="aw-ltr">{invoice.number ?? t("invoice.draft")}</span>
                      </Anchor>
                    </Table.Td>
                    <Table.Td>
                      <DateText day={invoice.issued_on} />
                    </Table.Td>
                    <Table.Td>
                      <StatusBadge tone={states[invoice.payment_state] ?? "draft"}>
                        {t(`invoice.${word(invoice.payment_state)}`)}
                      </StatusBadge>
                    </Table.Td>
                    <Table.Td ta="right">
                      <Money amount={invoice.total} currency={invoice.currency} />
                    </Table.Td>
                    <Table.Td ta="right">
                      <Money amount={invoice.open_amount} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
          {data.next && (
            <Anchor
              size="sm"
              mt={8}
              display="inline-block"
              renderRoot={(props) => (
                <Link to="/invoices" search={{ customer_id: of.id }} {...props} />
              )}
            >
              {t("allInvoices")}
            </Anchor>
          )}
        </>
      )}
    </Section>
  );
}

const fields = [
  "code",
  "name_en",
  "name_ar",
  "is_customer",
  "is_supplier",
  "is_business",
  "vat_number",
  "other_id_scheme",
  "other_id",
  "building_number",
  "street_en",
  "street_ar",
  "district_en",
  "district_ar",
  "city_en",
  "city_ar",
  "postal_code",
  "additional_number",
  "country",
  "email",
  "phone",
  "credit_limit",
  "payment_terms_days",
  "currency",
  "language",
  "is_active",
  "salesperson_id",
  "notes",
] as const;

const ofAccounts = ["iban", "holder", "bank_name", "bic", "is_main"] as const;

function useFieldLabel() {
  const { t } = useTranslation(["parties", "banking"]);
  return (field: string) => {
    const ofAccount = ofAccounts.find((one) => one === field);
    if (ofAccount) return t(`field.${ofAccount}`, { ns: "banking" });
    if (field === "is_active") return t("status.title");
    const known = fields.find((one) => one === field);
    return known ? t(`field.${known}`) : null;
  };
}

/** What colleagues are called. */
function usePersonOf() {
  const { t } = useTranslation("parties");
  const name = useName();
  const { data } = useQuery(salespeople());
  return (id: unknown) => {
    if (!id) return t("nobody");
    const found = data?.items.find((one) => one.id === id);
    return found ? name(found) : "…";
  };
}

function useFieldValue() {
  const { t } = useTranslation("parties");
  const country = useNameOf("region");
  const personOf = usePersonOf();
  return (field: string, value: unknown) => {
    if (field === "salesperson_id") return personOf(value);
    if (value === null || value === undefined || value === "")
      return field === "credit_limit" ? t("noLimit") : "—";
    if (field === "is_active") return t(value === true ? "status.active" : "status.inactive");
    if (typeof value === "boolean") return t(value ? "yes" : "no", { ns: "records" });
    if (field === "country" && typeof value === "string") return country(value);
    const scheme = schemes.find((one) => one === value);
    return field === "other_id_scheme" && scheme ? t(`scheme.${scheme}`) : undefined;
  };
}
