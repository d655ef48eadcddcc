import { Tooltip } from "@mantine/core";

import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/ui/use-now";

/** A day; with its Umm al-Qura date beside it for those who asked for both. */
export function DateText({ day }: { day: string | null }) {
  const format = useFormat();
  if (day === null) return null;
  return (
    <time dateTime={day} className="aw-figures">
      {format.day(day)}
      {format.calendar === "both" && <small> · {format.hijri(day)}</small>}
    </time>
  );
}

const MONTH = 30 * 24 * 60 * 60 * 1000;

/** "3 hours ago", with the full moment on hover; after a month the moment itself. */
export function MomentText({ at }: { at: string | null }) {
  const format = useFormat();
  const now = useNow();
  if (at === null) return null;
  if (now.getTime() - Date.parse(at) > MONTH) return <time dateTime={at}>{format.moment(at)}</time>;
  return (
    <Tooltip label={format.moment(at)}>
      <time dateTime={at}>{format.relative(at, now)}</time>
    </Tooltip>
  );
}
