import { type Schemas } from "@/shared/api/client";
import { useName } from "@/shared/i18n/names";

type Place = Schemas["StockPlace"];
/** These stand for the world outside; their codes are for the program. */
const outside = new Set<Place["type"]>(["supplier", "customer", "adjustment", "in_transit"]);

/** From where to where goods moved. */
export function Way({ from, to }: { from: Place | null; to: Place | null }) {
  const name = useName();
  const told = (place: Place | null) =>
    place && <bdi>{outside.has(place.type) ? name(place) : place.code}</bdi>;

  return (
    <span className="aw-ltr">
      {told(from)} → {told(to)}
    </span>
  );
}
