import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LanguageSwitch } from "@/shared/ui/language-switch";
import { Logo } from "@/shared/ui/logo";

import classes from "./front-door.module.css";

/** The pages before the shell: the product's name, one card, the language. */
export function FrontDoor({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <span className={classes.brand}>
          <Logo size={28} />
          {t("product")}
        </span>
        <LanguageSwitch />
      </header>
      <main className={classes.main} data-wide={wide || undefined}>
        {children}
      </main>
    </div>
  );
}
