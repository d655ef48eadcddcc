import { type Kind, type Side } from "./queries";

/** Receipts come from customers and payments go to suppliers, unless somebody says otherwise. */
export const usualSide = (kind: Kind): Side => (kind === "receipt" ? "customer" : "supplier");
