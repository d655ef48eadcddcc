import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import { type ComponentProps } from "react";

type Props = ButtonProps &
  Omit<ComponentProps<"button">, keyof ButtonProps> & {
    /** Why it cannot be pressed now; without a reason it can. */
    reason?: string | null | undefined;
  };

/**
 * A button that says why it cannot be pressed: under the pointer, on focus and on touch.
 *
 * It stays in the order of the Tab key, as one that is `disabled` would tell nobody its reason.
 */
export function ReasonedButton({ reason, onClick, ...props }: Props) {
  return (
    <Tooltip
      label={reason}
      disabled={!reason}
      multiline
      maw={320}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        {...props}
        {...(reason && { "data-disabled": true, "aria-disabled": true, type: "button" as const })}
        {...(!reason && { onClick })}
      />
    </Tooltip>
  );
}
