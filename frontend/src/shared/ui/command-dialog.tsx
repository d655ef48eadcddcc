import { Button, Group, Modal, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, ifMatch } from "@/shared/api/client";
import { asProblem, type FieldError, type Problem } from "@/shared/api/problem";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useDelayed } from "@/shared/ui/use-delayed";

import { CommandPreview, type Preview } from "./command-preview";
import { useOnce } from "./use-once";

/*
 * A command of a document: asked with `?dry_run=true` first, shown, then run once.
 *
 *   <CommandDialog of={order} title="Ship" verb="Ship" asked={body} ready={body !== null}
 *     send={({ query, headers }) => client.POST("/api/shipments/{id}/ship",
 *       { params: { path: { id }, query }, headers, body })}
 *     onDone={…} onClose={…}>
 *     fields of the command
 *   </CommandDialog>
 *
 * The client adds the Idempotency-Key: the same one while a question stays unanswered.
 */

export type Versioned = { id: string; version: number; state?: string | null };

/** What a command hands to openapi-fetch; the page adds path and body. */
export type CommandCall = {
  query: { dry_run?: boolean };
  /** If-Match: somebody else's change makes it fail instead of being overwritten. */
  headers: Record<string, string>;
  /** What was written where the command asks for a reason. */
  reason: string;
};

export type Send = (
  call: CommandCall,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

export const rehearse = async (send: Send, of: Versioned, reason = "") =>
  (await ask(send({ query: { dry_run: true }, ...ifMatch(of), reason }))) as Preview;

export const run = (send: Send, of: Versioned, reason = "") =>
  ask(send({ query: {}, ...ifMatch(of), reason }));

/** The rehearsal of a command that moves nothing and posts nothing. */
export const noEffect = () =>
  Promise.resolve({ data: { stock: [], journal: [] }, response: new Response() });

type Props = {
  of: Versioned;
  title: string;
  /** The verb on the button: "Ship", never "OK". */
  verb: string;
  danger?: boolean;
  size?: "md" | "lg" | "xl";
  /** What the command does, in a sentence. */
  text?: ReactNode;
  /** The reason it asks for. */
  asks?: { label: string; required?: boolean };
  send: Send;
  /** False as long as fields of the command are missing. */
  ready?: boolean;
  /** What the fields say; another value is another rehearsal. */
  asked?: unknown;
  /** The rehearsal when it was made already. */
  preview?: Preview;
  /** A way out of a refusal, beside its sentence: a link to what is missing. */
  help?: ((problem: Problem) => ReactNode) | undefined;
  /** Show the document as it is now, after somebody else was faster. */
  onStale?: (() => void) | undefined;
  onDone: (answer: unknown) => void;
  onClose: () => void;
  /** The fields of the command; `errorOf` finds the server's sentence for one of them. */
  children?: ReactNode | ((errorOf: (field: string) => string | undefined) => ReactNode);
};

/** Shows what a command will do and does it once. */
export function CommandDialog(props: Props) {
  const { t } = useTranslation("documents");
  const { of, send, ready = true, asks } = props;
  const [reason, setReason] = useState("");
  const complete = ready && (!asks?.required || reason.trim() !== "");
  // A reason changes no figure: the rehearsal need not follow its letters.
  const question = JSON.stringify([props.asked ?? null, complete]);
  const [settled] = useDebouncedValue(question, 300);
  const rehearsal = useQuery({
    queryKey: ["rehearsal", of.id, of.version, props.title, settled],
    queryFn: () => rehearse(send, of, reason.trim()),
    enabled: complete && settled === question,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
    ...(props.preview && { initialData: props.preview }),
  });
  const once = useOnce({ again: true });
  const command = useMutation({
    mutationFn: () => run(send, of, reason.trim()),
    onSuccess: (answer) => {
      props.onDone(answer);
      props.onClose();
    },
  });
  const waits = useDelayed(complete && rehearsal.isPending);
  const error = command.error ?? (complete ? rehearsal.error : null);
  const problem = error && asProblem(error);
  const current = settled === question && !rehearsal.isFetching && !rehearsal.error;
  const obstacle = !complete
    ? t(ready ? "why.noReason" : "why.unfilled")
    : problem && settled === question
      ? t("why.refused")
      : null;
  const confirm = () => {
    once(command.mutateAsync);
  };
  // What stands at its field is not said once more below.
  const placed = new Set<FieldError>();
  const errorOf = (field: string) => {
    const found = problem?.errors.find((one) =>
      one.pointer.endsWith(`/${field.replaceAll(".", "/")}`),
    );
    if (found) placed.add(found);
    return found?.message;
  };
  const unplaced = () => [
    ...new Set(problem?.errors.filter((one) => !placed.has(one)).map((one) => one.message)),
  ];

  return (
    <Modal
      opened
      onClose={() => {
        if (!command.isPending) props.onClose();
      }}
      size={props.size ?? "lg"}
      title={props.title}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // Enter is a click on the button: only what was shown is done.
          if (obstacle === null && current) confirm();
        }}
      >
        <Stack gap={16}>
          {props.text && <Text component="div">{props.text}</Text>}
          {typeof props.children === "function" ? props.children(errorOf) : props.children}
          {asks && (
            <Textarea
              label={asks.label}
              required={asks.required ?? false}
              autosize
              minRows={2}
              maxLength={500}
              data-autofocus
              value={reason}
              error={errorOf("reason")}
              onChange={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
          )}
          {waits && <Skeleton height={120} radius={8} aria-busy />}
          {complete && rehearsal.data && !rehearsal.error && <CommandPreview of={rehearsal.data} />}
          {problem && (
            <CommandRefusal
              problem={problem}
              more={unplaced()}
              help={props.help}
              onStale={props.onStale}
            />
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={props.onClose} disabled={command.isPending}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <ReasonedButton
              {...(!asks && !props.children && { "data-autofocus": true })}
              {...(props.danger && { color: "red" })}
              reason={obstacle}
              disabled={obstacle === null && !current}
              loading={command.isPending}
              type="submit"
            >
              {props.verb}
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Why a command was refused, and what to do about it. */
export function CommandRefusal({
  problem,
  more = [...new Set(problem.errors.map((one) => one.message))],
  help,
  onStale,
}: {
  problem: Problem;
  /** The sentences that stand at no field; left out, all of them. */
  more?: string[] | undefined;
  help?: ((problem: Problem) => ReactNode) | undefined;
  onStale?: (() => void) | undefined;
}) {
  const { t } = useTranslation("documents");
  const way = help?.(problem);
  return (
    <Stack gap={8}>
      <Refusal error={problem} more={more.filter((sentence) => sentence !== problem.detail)} />
      {problem.isConflict && onStale && (
        <Button
          variant="default"
          size="compact-sm"
          onClick={onStale}
          style={{ alignSelf: "start" }}
        >
          {t("command.showNew")}
        </Button>
      )}
      {way}
    </Stack>
  );
}
