import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";

import classes from "./banking.module.css";

/** How long a number stays on the screen after somebody asked for it. */
const SHOWN_FOR = 60_000;

type Props = {
  masked: string;
  /** Asks for the whole number; without it there is nothing to ask. */
  reveal?: (() => Promise<{ value: string }>) | false;
  /** In groups of four, as an IBAN is written. */
  grouped?: boolean;
};

/** A number by its end, and in full for a minute to those who may see it. */
export function Masked({ masked, reveal, grouped = false }: Props) {
  const { t } = useTranslation("banking");
  const cache = useQueryClient();
  const [value, setValue] = useState<string | null>(null);
  const ask = useMutation({
    mutationFn: async () => (reveal ? (await reveal()).value : masked),
    onSuccess: (whole) => {
      setValue(whole);
      // It is a line in the history of its owner.
      void cache.invalidateQueries({ queryKey: ["audit"] });
    },
    gcTime: 0,
  });
  useEffect(() => {
    if (value === null) return;
    const timer = setTimeout(() => {
      setValue(null);
    }, SHOWN_FOR);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  const said = value === null ? masked : grouped ? value.replace(/(.{4})(?=.)/g, "$1 ") : value;
  return (
    <span className={classes.masked}>
      <span className="aw-ltr aw-figures">{said}</span>
      {reveal && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={ask.isPending}
          aria-label={value === null ? t("showOf", { masked }) : t("hide")}
          onClick={() => {
            if (value === null) ask.mutate();
            else setValue(null);
          }}
        >
          {value === null ? t("show") : t("hide")}
        </Button>
      )}
      {value !== null && <small role="status">{t("onRecord")}</small>}
      {ask.error && (
        <small role="alert" data-refused>
          {asProblem(ask.error).detail}
        </small>
      )}
    </span>
  );
}
