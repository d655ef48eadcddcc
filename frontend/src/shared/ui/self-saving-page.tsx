import { type NavigateOptions, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { type Problem } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";

import { AuditTimeline } from "./audit-timeline";
import { type Command, CommandBar } from "./command-bar";
import { DocumentPage } from "./document-page";
import { DocumentState } from "./document-status";
import { ReasonedButton } from "./reasoned-button";
import { SaveStatus } from "./save-status";
import { usePageTitle } from "./use-page-title";
import { type DraftRules, useSelfSaving } from "./use-self-saving";
import { useUnsavedWarning } from "./use-unsaved-warning";

/*
 * The page of a document that is still being written: what it needs to be saved, who was faster,
 * and its commands, which wait until everything is saved.
 *
 *   const state = useSelfSavingDocument(rules, { stored, blank, address, onCreated });
 *   <SelfSavingPage state={state} title={…} back={…} next={t("submit")} commands={commands} …>
 *     <SelfSavingNotices state={state} … /> and its fields
 *   </SelfSavingPage>
 */

type Stored = { id: string; version: number };

type Options<Of extends Stored, Edited> = {
  /** The draft as the server has it; null for a new one. */
  stored: Of | null;
  blank: () => Edited;
  /** Where the new one lives once it is saved for the first time. */
  address: (id: string) => Pick<NavigateOptions, "to" | "params">;
  onCreated?: ((id: string) => void) | undefined;
};

/** useSelfSaving, with an address for the new one and a word on leaving what is not saved. */
export function useSelfSavingDocument<
  Of extends Stored,
  Edited extends { lines: { key: string }[] },
  Body extends object,
>(rules: DraftRules<Of, Edited, Body>, { stored, blank, address, onCreated }: Options<Of, Edited>) {
  const navigate = useNavigate();
  const [initial] = useState(() => (stored ? rules.valuesOf(stored) : blank()));
  const state = useSelfSaving(rules, stored, initial, (created) => {
    onCreated?.(created.id);
    void navigate({
      ...address(created.id),
      replace: true,
      resetScroll: false,
      ignoreBlocker: true,
    });
  });
  useUnsavedWarning(state.dirty);
  return { ...state, isBegunHere: stored === null };
}

type Page = Parameters<typeof DocumentPage>[0];

type Props<Of> = Pick<Page, "back" | "title" | "subtitle" | "children"> & {
  /** What useSelfSavingDocument answers. */
  state: Parameters<typeof SaveStatus>[0]["state"] & {
    saved: Of | null;
    theirs: Of | null;
    isBegunHere: boolean;
    forget: () => void;
  };
  /** What comes next, as long as it cannot be done yet. */
  next: string;
  /** What may be done with it as it is saved. */
  commands: Command[];
  help?: ((problem: Problem) => ReactNode) | undefined;
  /** Keep the answer of a command. */
  onDone?: ((answer: unknown) => void) | undefined;
  /** What stands instead of the commands once everything is saved. */
  instead?: ReactNode;
  /** How the history calls its fields. */
  words: Pick<Parameters<typeof AuditTimeline>[0], "labelOf" | "say">;
};

/** The frame of a document that saves itself while it is written. */
export function SelfSavingPage<
  Of extends Stored & { state: string; next_commands: readonly string[] },
>({ state, next, commands, help, onDone, instead, words, ...page }: Props<Of>) {
  const { t } = useTranslation("documents");
  const can = useCan();
  const { saved } = state;
  usePageTitle(page.title);
  const obstacle =
    state.missing !== null
      ? t(`save.missing.${state.missing}`)
      : state.theirs !== null
        ? t("save.conflict")
        : state.dirty || !saved
          ? t("save.first")
          : null;
  return (
    <DocumentPage
      {...page}
      status={<DocumentState state={saved?.state ?? "draft"} />}
      actions={
        <>
          {!saved || obstacle ? (
            <ReasonedButton reason={obstacle} loading={state.saving}>
              {next}
            </ReasonedButton>
          ) : (
            (instead ?? (
              <CommandBar
                of={saved}
                next={saved.next_commands.filter((one) => one !== "edit")}
                commands={commands}
                {...(help && { help })}
                onDone={(answer) => {
                  state.forget();
                  onDone?.(answer);
                }}
              />
            ))
          )}
          <SaveStatus state={state} />
        </>
      }
      timeline={
        // One begun here has no history worth moving the form for.
        !state.isBegunHere &&
        saved &&
        can("audit:read") && (
          <AuditTimeline recordId={saved.id} version={saved.version} {...words} />
        )
      }
    />
  );
}
