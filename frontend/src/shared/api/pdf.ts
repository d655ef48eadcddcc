import { ask } from "./client";

type Asked = Promise<{ data?: unknown; error?: unknown; response: Response }>;

const minute = 60_000;
const blob = async (asked: Asked) => (await ask(asked)) as Blob;

/** Show a PDF in a tab of its own; the request must say `parseAs: "blob"`. */
export async function showPdf(asked: Asked) {
  // The tab opens with the click, before the answer: later, browsers would block it.
  const tab = window.open("", "_blank");
  try {
    const address = URL.createObjectURL(await blob(asked));
    if (tab) tab.location.href = address;
    else window.location.assign(address);
    setTimeout(() => {
      URL.revokeObjectURL(address);
    }, minute);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

/** Hand a PDF to the browser's print dialog. */
export async function printPdf(asked: Asked) {
  const address = URL.createObjectURL(await blob(asked));
  const frame = document.createElement("iframe");
  frame.style.display = "none";
  frame.src = address;
  frame.addEventListener("load", () => {
    frame.contentWindow?.focus();
    frame.contentWindow?.print();
  });
  document.body.append(frame);
  // The dialog may stay open for long, and nothing tells when it closes.
  setTimeout(() => {
    frame.remove();
    URL.revokeObjectURL(address);
  }, 10 * minute);
}
