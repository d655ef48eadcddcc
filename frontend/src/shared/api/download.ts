import { ask } from "./client";

/** Ask for a file and hand it to the reader under this name. */
export async function download(
  asked: Promise<{ data?: unknown; error?: unknown; response: Response }>,
  name: string,
) {
  const file = (await ask(asked)) as Blob;
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Safari still reads it after the click.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
