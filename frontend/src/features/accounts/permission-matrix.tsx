import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "./accounts.module.css";
import { allows, toggled, typeToggled } from "./permission-sets";
import { type Permission } from "./queries";

const first = ["read", "create", "edit", "delete"];
const place = (action: string) => {
  const at = first.indexOf(action);
  return at < 0 ? first.length : at;
};

/** Who may do what to which kind of record: a line for each type, a box for each action. */
export function PermissionMatrix({
  known,
  value,
  onChange,
  disabled = false,
}: {
  known: readonly Permission[];
  value: readonly string[];
  onChange: (permissions: string[]) => void;
  disabled?: boolean;
}) {
  const { i18n } = useTranslation();
  const arabic = i18n.language === "ar";
  const types = [...new Set(known.map((one) => one.type))].map((type) => {
    const actions = known.filter((one) => one.type === type);
    return {
      type,
      name: (arabic ? actions[0]?.type_ar : actions[0]?.type_en) ?? type,
      actions: actions.sort((one, other) => place(one.action) - place(other.action)),
    };
  });
  types.sort((one, other) => one.name.localeCompare(other.name, i18n.language));
  return (
    <ul className={classes.permissions}>
      {types.map(({ type, name, actions }) => {
        const held = actions.filter((one) => allows(value, one.permission));
        return (
          <li key={type}>
            <Checkbox
              label={name}
              fw={500}
              disabled={disabled}
              checked={held.length === actions.length}
              indeterminate={held.length > 0 && held.length < actions.length}
              onChange={() => {
                onChange(typeToggled(value, type, known));
              }}
            />
            <div className={classes.actions} role="group" aria-label={name}>
              {actions.map((one) => (
                <Checkbox
                  key={one.permission}
                  size="sm"
                  label={arabic ? one.action_ar : one.action_en}
                  aria-label={`${name}: ${arabic ? one.action_ar : one.action_en}`}
                  disabled={disabled}
                  checked={allows(value, one.permission)}
                  onChange={() => {
                    onChange(toggled(value, one, known));
                  }}
                />
              ))}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
