import { Anchor, Button, Progress, Title } from "@mantine/core";
import {
  IconArrowBackUp,
  IconChevronLeft,
  IconCircleCheck,
  IconCircleX,
  IconKeyboard,
} from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { usePageTitle } from "@/shared/ui/use-page-title";

import { ReasonedButton } from "./reasoned-button";
import { ScanField } from "./scan-field";
import classes from "./work-screen.module.css";

/*
 * Work in the aisles with a phone and a scanner: one big target at a time, what was scanned last and
 * whether it fitted, one step back, one big button under the thumb. Nothing beeps or shakes: a word,
 * an icon and a colour answer each scan.
 */

export type Scanned = {
  ok: boolean;
  /** What it was, or what is wrong with it. */
  text: string;
  /** Takes it back. */
  undo?: () => void;
};

type Props = {
  back: { link: LinkProps; label: string };
  title: string;
  /** How far the work is. */
  progress?: { done: number; total: number };
  scanLabel: string;
  onScan: (code: string) => Scanned | Promise<Scanned>;
  /** What to do now: the place, the product, how many. `<WorkTarget …/>` */
  target: ReactNode;
  /** What else there is to do, or was done. */
  children?: ReactNode;
  primary: {
    label: string;
    onClick: () => void;
    /** Why it cannot be pressed now. */
    reason?: string | null | undefined;
    loading?: boolean;
  };
  /** Above the button: why it was refused. */
  notice?: ReactNode;
};

export function WorkScreen(props: Props) {
  const { t } = useTranslation("documents");
  const [scans, setScans] = useState<(Scanned & { at: number })[]>([]);
  const [typing, setTyping] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  usePageTitle(props.title);
  const last = scans.at(-1);
  const undoable = scans.findLast((one) => one.ok && one.undo);

  // A scanner types wherever the focus is: unless somebody writes elsewhere, that is here.
  useEffect(() => {
    const catchKeys = (event: KeyboardEvent) => {
      const at = document.activeElement;
      const busy =
        at instanceof HTMLElement && at.matches("input, textarea, select, [role=dialog] *");
      if (!busy && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey)
        field.current?.focus();
    };
    field.current?.focus();
    window.addEventListener("keydown", catchKeys, true);
    return () => {
      window.removeEventListener("keydown", catchKeys, true);
    };
  }, []);

  const scan = async (code: string) => {
    const result = await props.onScan(code);
    setScans((before) => [...before.slice(-19), { ...result, at: Date.now() }]);
  };

  return (
    <div className={classes.screen}>
      <Anchor
        renderRoot={(anchor) => <Link {...props.back.link} {...anchor} />}
        className={classes.back}
        underline="never"
      >
        <IconChevronLeft size={16} className="aw-flip" aria-hidden />
        {props.back.label}
      </Anchor>
      <header className={classes.head}>
        <Title order={1}>{props.title}</Title>
        {props.progress && (
          <span className="aw-figures">
            {t("work.progress", { done: props.progress.done, total: props.progress.total })}
          </span>
        )}
      </header>
      {props.progress && (
        <Progress
          value={(100 * props.progress.done) / Math.max(1, props.progress.total)}
          size="sm"
          aria-label={t("work.progressLabel")}
        />
      )}
      <div className={classes.scan}>
        <ScanField
          ref={field}
          size="lg"
          label={props.scanLabel}
          hiddenLabel
          placeholder={props.scanLabel}
          quiet={!typing}
          onScan={(code) => void scan(code)}
        />
        <Button
          variant="default"
          size="lg"
          px={12}
          aria-label={t("work.type")}
          aria-pressed={typing}
          onClick={() => {
            setTyping(!typing);
            field.current?.blur();
            // The keyboard of a phone follows the field's mode when it is entered.
            setTimeout(() => field.current?.focus());
          }}
        >
          <IconKeyboard size={22} aria-hidden />
        </Button>
      </div>
      <div className={classes.last} data-ok={last?.ok} role="status">
        {last ? (
          <>
            {last.ok ? (
              <IconCircleCheck size={24} aria-hidden />
            ) : (
              <IconCircleX size={24} aria-hidden />
            )}
            <span key={last.at}>
              <strong>{t(last.ok ? "work.fits" : "work.wrong")}</strong> <bdi>{last.text}</bdi>
            </span>
          </>
        ) : (
          <span className={classes.hint}>{t("work.nothingYet")}</span>
        )}
      </div>
      {props.target}
      {props.children}
      <div className={classes.foot}>
        {props.notice}
        <div className={classes.buttons}>
          <Button
            variant="default"
            size="lg"
            disabled={!undoable}
            aria-label={t("work.undo")}
            leftSection={<IconArrowBackUp size={20} className="aw-flip" aria-hidden />}
            onClick={() => {
              undoable?.undo?.();
              setScans((before) => before.filter((one) => one !== undoable));
            }}
          >
            {t("work.undoShort")}
          </Button>
          <ReasonedButton
            size="lg"
            className={classes.primary}
            reason={props.primary.reason}
            loading={props.primary.loading ?? false}
            onClick={props.primary.onClick}
          >
            {props.primary.label}
          </ReasonedButton>
        </div>
      </div>
    </div>
  );
}

/** The one thing to do now, readable at arm's length. */
export function WorkTarget({
  place,
  title,
  code,
  count,
  children,
}: {
  /** Where to go: the bin. */
  place?: ReactNode;
  title: ReactNode;
  code?: ReactNode;
  /** "3 / 10 pieces" */
  count?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <section className={`aw-card ${classes.target ?? ""}`}>
      {place && <div className={classes.place}>{place}</div>}
      <div className={classes.what}>
        <bdi>{title}</bdi>
        {code && <small>{code}</small>}
      </div>
      {count && <div className={classes.count}>{count}</div>}
      {children}
    </section>
  );
}
