import { type ReactNode } from "react";

/** From one place to another: the arrow points the way one reads. */
export function FromTo({ from, to }: { from: ReactNode; to: ReactNode }) {
  return (
    <>
      <bdi>{from}</bdi>{" "}
      <span className="aw-flip" style={{ display: "inline-block" }}>
        →
      </span>{" "}
      <bdi>{to}</bdi>
    </>
  );
}
