import { Button, Title, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useCan } from "@/shared/session/session";

import classes from "./analytics.module.css";
import { firstSteps } from "./queries";

const all = [
  { name: "company", link: { to: "/company" }, permission: "company:edit" },
  { name: "imports", link: { to: "/imports/new" }, permission: "import:create" },
  { name: "products", link: { to: "/products/new" }, permission: "product:create" },
  {
    name: "invoice",
    link: { to: "/invoices/$invoiceId", params: { invoiceId: "new" } },
    permission: "invoice:create",
  },
] as const satisfies readonly { name: string; link: LinkProps; permission: string }[];

/** Where a new company begins; what is done already is ticked. */
export function FirstSteps({ drafts }: { drafts: number }) {
  const { t } = useTranslation("analytics");
  const can = useCan();
  const { data } = useQuery(firstSteps(can));
  const steps = all.filter((step) => can(step.permission));
  if (steps.length === 0) return null;
  return (
    <section aria-label={t("first.title")}>
      <Title order={2}>{t("first.title")}</Title>
      <Text c="dimmed" mb={12}>
        {t("first.text")}
      </Text>
      <ul className={`aw-card ${classes.steps ?? ""}`}>
        {steps.map((step) => {
          const done = step.name === "invoice" ? drafts > 0 : (data?.[step.name] ?? false);
          return (
            <li key={step.name}>
              <span className={done ? classes.done : classes.open}>
                {done ? (
                  <IconCircleCheck size={24} aria-label={t("first.done")} role="img" />
                ) : (
                  <IconCircleDashed size={24} aria-hidden />
                )}
              </span>
              <span className={classes.stepText}>
                <strong>{t(`first.${step.name}`)}</strong>
                <small>{t(`first.${step.name}Text`)}</small>
              </span>
              <Button
                variant={done ? "default" : "light"}
                renderRoot={(props) => <Link {...step.link} {...props} />}
              >
                {t(`first.${step.name}Go`)}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
