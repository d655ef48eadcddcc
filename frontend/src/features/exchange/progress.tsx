import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { Section } from "@/shared/ui/document-page";

import classes from "./exchange.module.css";
import { type ImportDetail } from "./queries";

/** An import at work: how far, how fast, how long still. */
export function ImportProgress({ of }: { of: ImportDetail }) {
  const { t } = useTranslation("exchange");
  const format = useFormat();
  const title = t(`progress.${of.state as "checking"}`);
  const percent = of.total > 0 ? Math.min(100, (of.done * 100) / of.total) : null;
  const speed = of.rows_per_second;
  const left = speed > 0 && of.total > 0 ? Math.ceil((of.total - of.done) / speed) : null;
  return (
    <Section title={title} description={t("progress.leave")}>
      <div aria-live="polite">
        <Progress.Root size={10}>
          <Progress.Section
            value={percent ?? 100}
            animated={percent === null}
            aria-label={title}
            aria-valuetext={percent === null ? t("progress.reading") : `${Math.floor(percent)} %`}
          />
        </Progress.Root>
        <div className={classes.progressFigures} style={{ marginTop: 12 }}>
          {percent === null ? (
            <span>{t("progress.reading")}</span>
          ) : (
            <>
              <Text component="span" size="sm" fw={600} c="var(--aw-text)" className="aw-figures">
                {t("progress.of", { done: format.count(of.done), total: format.count(of.total) })}
              </Text>
              {speed > 0 && of.state !== "undoing" && (
                <span className="aw-figures">
                  {t("progress.speed", { speed: format.count(speed) })}
                </span>
              )}
              {left !== null && left > 0 && (
                <span className="aw-figures">
                  {left < 60
                    ? t("progress.seconds", { count: left })
                    : t("progress.minutes", { count: Math.ceil(left / 60) })}
                </span>
              )}
            </>
          )}
        </div>
      </div>
    </Section>
  );
}
