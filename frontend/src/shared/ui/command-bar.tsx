import { ActionIcon, Button, CloseButton, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, type Problem } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";

import classes from "./command-bar.module.css";
import {
  CommandDialog,
  CommandRefusal,
  rehearse,
  run,
  type Send,
  type Versioned,
} from "./command-dialog";
import { hasEffect, type Preview } from "./command-preview";
import { CommandWhy } from "./command-why";

/*
 * What may be done with a document, from its `next_commands`: the first is the button, the others a
 * menu. Every command is rehearsed first. One that moves nothing, posts nothing and has no sentence
 * of its own runs at once; any other shows what it will do. A refusal stands at the button.
 * What is not offered now is found under "Why can't I…?" in the menu, with its reason.
 *
 *   <CommandBar of={order} next={order.next_commands} commands={commands} onDone={keep} />
 */

export type Command = {
  /** As the server calls it in `next_commands`. */
  name: string;
  label: string;
  permission?: string;
  danger?: boolean;
  /** Possible and seldom meant: it stands in the menu, never on the button. */
  quiet?: boolean;
  /** What it does, in a sentence; a command that has one always asks before it acts. */
  text?: ReactNode;
  title?: string;
  asks?: { label: string; required?: boolean };
  send?: Send;
  /** A dialog of its own (a `CommandDialog` with fields), or a page to go to. */
  dialog?: (close: () => void) => ReactNode;
  go?: () => void;
  /** Said when it went through. */
  done?: string;
  onDone?: (answer: unknown) => void;
};

type Props = {
  of: Versioned;
  /** `next_commands` of the document: what its state allows, the sensible one first. */
  next: readonly string[];
  commands: Command[];
  /** Buttons that command nothing: print, download. */
  extra?: ReactNode;
  /** Menu items that command nothing. */
  more?: ReactNode;
  help?: (problem: Problem) => ReactNode;
  onStale?: () => void;
  /** Keep the answer: the document after the command. */
  onDone: (answer: unknown) => void;
};

type Open = { command: Command; preview?: Preview };

export function CommandBar({ of, next, commands, extra, more, help, onStale, onDone }: Props) {
  const { t } = useTranslation("documents");
  const can = useCan();
  const [open, setOpen] = useState<Open | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [refused, setRefused] = useState<{ problem: Problem; of: Versioned } | null>(null);
  const running = useRef(false);
  const possible = next
    .map((name) => commands.find((one) => one.name === name))
    .filter((one) => one !== undefined)
    .filter((one) => !one.permission || can(one.permission));
  // Taking something away is never the suggestion.
  const primary = possible.find((one) => !one.danger && !one.quiet);
  const others = possible.filter((one) => one !== primary);
  const missing = commands.filter(
    (one, index) =>
      !possible.some((other) => other.name === one.name) &&
      commands.findIndex((other) => other.name === one.name) === index,
  );
  const [asksWhy, setAsksWhy] = useState(false);

  const finish = (command: Command, answer: unknown) => {
    setRefused(null);
    if (command.done) notifications.show({ message: command.done });
    onDone(answer);
    command.onDone?.(answer);
  };
  const start = async (command: Command) => {
    if (running.current) return;
    setRefused(null);
    if (command.go) {
      command.go();
      return;
    }
    if (command.dialog || command.asks || !command.send) {
      setOpen({ command });
      return;
    }
    running.current = true;
    setBusy(command.name);
    try {
      const preview = await rehearse(command.send, of);
      if (command.text || command.danger || hasEffect(preview)) setOpen({ command, preview });
      else finish(command, await run(command.send, of));
    } catch (error) {
      setRefused({ problem: asProblem(error), of });
    } finally {
      running.current = false;
      setBusy(null);
    }
  };
  const close = () => {
    setOpen(null);
  };
  const stale = onStale && {
    onStale: () => {
      close();
      setRefused(null);
      onStale();
    },
  };
  // What was refused belongs to the document as it was.
  const shown = refused?.of.version === of.version ? refused.problem : null;
  if (!primary && others.length === 0 && missing.length === 0 && !extra && !more) return null;

  return (
    <div className={classes.bar}>
      <div className={classes.buttons}>
        {primary && (
          <Button
            className={classes.primary}
            loading={busy === primary.name}
            disabled={busy !== null && busy !== primary.name}
            onClick={() => void start(primary)}
          >
            {primary.label}
          </Button>
        )}
        {extra}
        {(others.length > 0 || missing.length > 0 || more) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon
                variant="default"
                size={36}
                loading={busy !== null && busy !== primary?.name}
                aria-label={t("action.more", { ns: "common" })}
              >
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {others.map((command) => (
                <Menu.Item
                  key={command.name}
                  {...(command.danger && { color: "red" })}
                  onClick={() => void start(command)}
                >
                  {command.label}
                </Menu.Item>
              ))}
              {others.length > 0 && more && <Menu.Divider />}
              {more}
              {missing.length > 0 && (
                <>
                  {(others.length > 0 || more) && <Menu.Divider />}
                  <Menu.Item
                    onClick={() => {
                      setAsksWhy(true);
                    }}
                  >
                    {t("why.title")}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {shown && (
        <div className={classes.refusal}>
          <CommandRefusal problem={shown} help={help} {...stale} />
          <CloseButton
            size="sm"
            className={classes.dismiss}
            aria-label={t("action.close", { ns: "common" })}
            onClick={() => {
              setRefused(null);
            }}
          />
        </div>
      )}
      {asksWhy && (
        <CommandWhy
          of={of}
          commands={missing}
          onClose={() => {
            setAsksWhy(false);
          }}
        />
      )}
      {open?.command.dialog?.(close)}
      {open && !open.command.dialog && open.command.send && (
        <CommandDialog
          of={of}
          title={open.command.title ?? open.command.label}
          verb={open.command.label.replace(/…$/, "")}
          danger={open.command.danger ?? false}
          text={open.command.text}
          {...(open.command.asks && { asks: open.command.asks })}
          {...(open.preview && { preview: open.preview })}
          send={open.command.send}
          help={help}
          {...stale}
          onDone={(answer) => {
            finish(open.command, answer);
          }}
          onClose={close}
        />
      )}
    </div>
  );
}
