import { type Permission } from "./queries";

/** Whether a set of permissions covers one; "*" and "invoice:*" are wildcards. */
export function allows(held: readonly string[], permission: string) {
  const type = permission.split(":")[0] ?? "";
  return held.includes("*") || held.includes(`${type}:*`) || held.includes(permission);
}

/** Give or take one; a wildcard that covered it becomes what else it covered. */
export function toggled(held: readonly string[], one: Permission, known: readonly Permission[]) {
  if (!allows(held, one.permission)) return [...held, one.permission];
  return spelledOut(held, one.type, known).filter((permission) => permission !== one.permission);
}

/** Give a whole type as a wildcard, so that later actions belong to it; or take all of it. */
export function typeToggled(held: readonly string[], type: string, known: readonly Permission[]) {
  const whole = known
    .filter((one) => one.type === type)
    .every((one) => allows(held, one.permission));
  const others = spelledOut(held, type, known).filter(
    (permission) => !permission.startsWith(`${type}:`),
  );
  return whole ? others : [...others, `${type}:*`];
}

function spelledOut(held: readonly string[], type: string, known: readonly Permission[]) {
  const types = [...new Set(known.map((one) => one.type))];
  const wide = held.includes("*")
    ? [...held.filter((one) => one !== "*"), ...types.map((each) => `${each}:*`)]
    : held;
  const narrow = wide.flatMap((permission) =>
    permission === `${type}:*`
      ? known.filter((one) => one.type === type).map((one) => one.permission)
      : [permission],
  );
  return [...new Set(narrow)];
}
