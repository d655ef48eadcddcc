import { useTranslation } from "react-i18next";

import { CommandPreview } from "@/shared/ui/command-preview";
import { Money } from "@/shared/ui/money";

import classes from "./invoicing.module.css";
import { type PostingPreview } from "./queries";

/** What posting would do: the figures, and what would be written in the books. */
export function JournalPreview({ of }: { of: PostingPreview }) {
  const { t } = useTranslation("invoicing");
  return (
    <>
      <dl className={classes.figures} style={{ width: "100%" }}>
        <div>
          <dt>{t("field.number")}</dt>
          <dd className="aw-ltr">{of.number}</dd>
        </div>
        <div>
          <dt>{t("figure.net")}</dt>
          <dd>
            <Money amount={of.net} />
          </dd>
        </div>
        <div>
          <dt>{t("figure.vat")}</dt>
          <dd>
            <Money amount={of.vat} />
          </dd>
        </div>
        <div data-total>
          <dt>{t("figure.total")}</dt>
          <dd>
            <Money amount={of.total} />
          </dd>
        </div>
      </dl>
      <CommandPreview of={of} />
    </>
  );
}
