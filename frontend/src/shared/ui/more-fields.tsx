import { Button, Collapse } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode } from "react";

type Props = { label: string; open: boolean; onToggle: () => void; children: ReactNode };

/** What a form seldom needs, behind a button that says so. */
export function MoreFields({ label, open, onToggle, children }: Props) {
  return (
    <>
      <Button
        mt={16}
        variant="subtle"
        size="compact-sm"
        aria-expanded={open}
        rightSection={
          <IconChevronDown
            size={14}
            aria-hidden
            style={{ transform: open ? "rotate(180deg)" : "none" }}
          />
        }
        onClick={onToggle}
      >
        {label}
      </Button>
      <Collapse expanded={open}>{children}</Collapse>
    </>
  );
}
