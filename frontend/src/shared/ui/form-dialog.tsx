import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, type Problem } from "@/shared/api/problem";

import { CommandRefusal } from "./command-dialog";
import { ReasonedButton } from "./reasoned-button";
import { useOnce } from "./use-once";

/*
 * Fields that are sent once, by the button or the Enter key. What moves stock or books shows first
 * what it will do: that is a CommandDialog.
 */

type Props = {
  title: string;
  size?: "md" | "lg" | "xl";
  /** What it is for, in a sentence. */
  text?: ReactNode;
  /** The verb on the button: "Draft the bill", never "OK". */
  verb: string;
  /** Why it cannot be sent yet. */
  reason?: string | null;
  /** A mutation without variables. */
  send: {
    mutateAsync: () => Promise<unknown>;
    error: Error | null;
    isPending: boolean;
    isSuccess: boolean;
  };
  /** What was refused and belongs to none of the fields; left out, every sentence. */
  rest?: string[];
  help?: ((problem: Problem) => ReactNode) | undefined;
  onClose: () => void;
  children: ReactNode;
};

export function FormDialog(props: Props) {
  const { t } = useTranslation();
  const { send, reason = null } = props;
  const once = useOnce();
  return (
    <Modal
      opened
      onClose={() => {
        if (!send.isPending) props.onClose();
      }}
      size={props.size ?? "md"}
      title={props.title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (reason === null) once(send.mutateAsync);
        }}
      >
        <Stack gap={16}>
          {props.text && <Text component="div">{props.text}</Text>}
          {props.children}
          {send.error && (
            <CommandRefusal problem={asProblem(send.error)} more={props.rest} help={props.help} />
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={props.onClose} disabled={send.isPending}>
              {t("action.cancel")}
            </Button>
            <ReasonedButton
              type="submit"
              reason={reason}
              loading={send.isPending || send.isSuccess}
            >
              {props.verb}
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
