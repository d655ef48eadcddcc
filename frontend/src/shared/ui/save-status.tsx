import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";

import classes from "./save-status.module.css";

/** What a draft still needs before it can be saved. */
export type Missing =
  | "customer"
  | "supplier"
  | "suppliers"
  | "supplier_number"
  | "issued_on"
  | "warehouse"
  | "products"
  | "lines"
  | "line";

type Props = {
  /** What the hook of a draft that saves itself answers. */
  state: {
    dirty: boolean;
    saving: boolean;
    missing: Missing | null;
    problem: Problem | null;
    saved: { state: string } | null;
  };
};

/** Where a draft that saves itself stands; what is not saved says why. */
export function SaveStatus({ state }: Props) {
  const { t } = useTranslation("documents");
  const { dirty, saving, missing, saved } = state;
  const bad = dirty && !saving && state.problem !== null;
  const said = saving
    ? t("save.saving")
    : bad
      ? t("save.refused")
      : missing !== null && (dirty || !saved)
        ? t(`save.missing.${missing}`)
        : dirty
          ? t("save.unsaved")
          : saved
            ? t(saved.state === "draft" ? "save.draftSaved" : "save.saved")
            : "";
  return (
    <span className={classes.status} role="status" data-bad={bad || undefined}>
      {said}
    </span>
  );
}
