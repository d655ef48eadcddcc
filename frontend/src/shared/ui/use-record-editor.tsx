import { Alert, Button } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { Conflict } from "@/shared/ui/conflict";

type Props<Stored extends { id: string; version: number }, Values extends object> = {
  /** The record as the server last told it. */
  shown: Stored;
  valuesOf: (of: Stored) => Values;
  /** Sends the fields that were changed, over the version given. */
  change: (of: Stored, values: Partial<Values>) => Promise<Stored>;
  /** Asks for the record as it is now, after somebody else was faster. */
  reload: () => Promise<Stored>;
  labelOf: (field: keyof Values & string) => string;
  say: (value: Values[keyof Values], field: keyof Values & string) => ReactNode;
};

/**
 * Editing one record while others may change it too: only what was changed here is sent, a newer
 * version is announced without moving the form, and a conflict becomes a choice.
 */
export function useRecordEditor<
  Stored extends { id: string; version: number },
  Values extends object,
>({ shown, valuesOf, change, reload, labelOf, say }: Props<Stored, Values>) {
  const { t } = useTranslation("records");
  // What lay on the table when editing began; a newer version must not move it.
  const [base, setBase] = useState(shown);
  const [conflict, setConflict] = useState<{ theirs: Stored; mine: Values } | null>(null);
  const [busy, setBusy] = useState(false);
  // A command on the page, or anybody's, may make a version that differs in nothing edited here:
  // there is nothing to announce then, and what is saved is saved over it.
  const isNewer = shown.version > base.version;
  const moved = isNewer && differences(valuesOf(shown), valuesOf(base)).length > 0;
  const latest = isNewer && !moved ? shown : base;

  const save = async (values: Values, over = latest, send = change): Promise<Stored> => {
    const changed = differences(values, valuesOf(base));
    const body = Object.fromEntries(
      changed.map((field) => [field, values[field]]),
    ) as Partial<Values>;
    setBusy(true);
    try {
      const saved = await send(over, body);
      setBase(saved);
      setConflict(null);
      return saved;
    } catch (error) {
      if (asProblem(error).isConflict) setConflict({ theirs: await reload(), mine: values });
      throw error;
    } finally {
      setBusy(false);
    }
  };

  /** `onSaved` is told when keeping mine went through. */
  const notices = (onSaved: (saved: Stored) => void) => (
    <>
      {conflict && (
        <Conflict
          busy={busy}
          differences={differences(conflict.mine, valuesOf(base))
            .filter((field) =>
              differences(conflict.mine, valuesOf(conflict.theirs)).includes(field),
            )
            .map((field) => ({
              label: labelOf(field),
              mine: say(conflict.mine[field], field),
              theirs: say(valuesOf(conflict.theirs)[field], field),
            }))}
          onKeepMine={() => {
            // A refusal stays visible in the form: the mutation keeps it.
            save(conflict.mine, conflict.theirs).then(onSaved, () => undefined);
          }}
          onKeepTheirs={() => {
            setBase(conflict.theirs);
            setConflict(null);
          }}
        />
      )}
      {moved && !conflict && !busy && (
        <Alert icon={<IconInfoCircle size={18} />}>
          {t("newer")}{" "}
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              setBase(shown);
            }}
          >
            {t("showNewer")}
          </Button>
        </Alert>
      )}
    </>
  );

  return { base, save, notices, inConflict: conflict !== null };
}

function differences<Values extends object>(mine: Values, theirs: Values) {
  return (Object.keys(mine) as (keyof Values & string)[]).filter(
    (field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]),
  );
}
