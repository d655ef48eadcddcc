import { Anchor, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useCan } from "@/shared/session/session";
import { Money } from "@/shared/ui/money";

import classes from "./payments.module.css";
import { paymentsOf } from "./queries";

/** The payments that answer an invoice or bill, beside its page. */
export function DocumentPayments({ documentId }: { documentId: string }) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const { data } = useQuery({ ...paymentsOf(documentId), enabled: can("payment:read") });
  if (!data || data.length === 0) return null;
  return (
    <section
      className={`aw-card ${classes.aside ?? ""}`}
      style={{ marginBottom: 16 }}
      aria-label={t("ofDocument.title")}
    >
      <Title order={2}>{t("ofDocument.title")}</Title>
      <ul>
        {data.map((one) => (
          <li key={one.id}>
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link to="/payments/$paymentId" params={{ paymentId: one.payment_id }} {...props} />
              )}
            >
              <bdi>{one.payment_number}</bdi>
            </Anchor>
            <Money amount={one.amount} />
          </li>
        ))}
      </ul>
    </section>
  );
}
