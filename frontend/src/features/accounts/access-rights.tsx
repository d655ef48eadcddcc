import { Anchor, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { warehouses } from "@/shared/goods/places";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { Facts } from "@/shared/ui/facts";
import { useDelayed } from "@/shared/ui/use-delayed";

import { type Rights, rights } from "./access-queries";
import classes from "./accounts.module.css";

/** What somebody may do, by which roles, and what they are limited to. */
export function EffectiveRights({ user }: { user: string | undefined }) {
  const { t } = useTranslation("access");
  const { data, error, isPending } = useQuery(rights(user));
  const waits = useDelayed(isPending);
  if (error) return <Refusal error={error} />;
  if (!data) return waits ? <Skeleton height={200} radius={12} aria-busy /> : null;
  return (
    <Section title={t("rights.title")} description={t("rights.text")}>
      <Limits of={data} />
      <Granted of={data} />
    </Section>
  );
}

function Limits({ of }: { of: Rights }) {
  const { t, i18n } = useTranslation("access");
  const name = useName();
  const can = useCan();
  const known = useQuery({ ...warehouses(), enabled: can("warehouse:read") });
  const arabic = i18n.language === "ar";
  const own = of.warehouse_ids?.map(
    (id) => known.data?.items.find((one) => one.id === id)?.code ?? "…",
  );
  return (
    <Facts
      facts={[
        { label: t("rights.roles"), value: of.roles.map(name).join(t("comma")) },
        {
          label: t("rights.customers"),
          value: t(of.own_customers_only ? "rights.ownCustomers" : "rights.allCustomers"),
        },
        {
          label: t("rights.warehouses"),
          value: own ? own.join(t("comma")) || t("rights.noWarehouse") : t("rights.allWarehouses"),
        },
        {
          label: t("rights.hidden"),
          value: of.hidden.map((one) => (arabic ? one.type_ar : one.type_en)).join(t("comma")),
        },
      ]}
    />
  );
}

/** A line for each kind of record: what may be done, and which roles say so. */
function Granted({ of }: { of: Rights }) {
  const { t, i18n } = useTranslation("access");
  const name = useName();
  const arabic = i18n.language === "ar";
  const types = [...new Set(of.permissions.map((one) => one.type))].map((type) => {
    const granted = of.permissions.filter((one) => one.type === type);
    const keys = new Set(granted.flatMap((one) => one.roles));
    return {
      type,
      name: (arabic ? granted[0]?.type_ar : granted[0]?.type_en) ?? type,
      actions: granted.map((one) => (arabic ? one.action_ar : one.action_en)),
      roles: of.roles.filter((one) => keys.has(one.key)).map(name),
    };
  });
  types.sort((one, other) => one.name.localeCompare(other.name, i18n.language));
  if (types.length === 0) return <Text mt={16}>{t("rights.nothing")}</Text>;
  return (
    <ul className={classes.granted}>
      {types.map((one) => (
        <li key={one.type}>
          <strong>{one.name}</strong>
          <span>{one.actions.join(t("comma"))}</span>
          <small>{one.roles.join(t("comma"))}</small>
        </li>
      ))}
    </ul>
  );
}

/** From a user's page to all that the person may do. */
export function RightsLink({ user }: { user: string }) {
  const { t } = useTranslation("access");
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/access" search={{ user }} {...props} />}>
      {t("rights.link")}
    </Anchor>
  );
}
