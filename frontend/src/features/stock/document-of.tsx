import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useDocumentPage, useDocumentWord } from "@/shared/ui/document-view";

/** The document behind a movement, with a way to it. */
export function DocumentOf({ type, id, number }: { type: string; id: string; number: string }) {
  const pageOf = useDocumentPage();
  const word = useDocumentWord();
  const page = pageOf(type, id);
  const said = (
    <>
      {word(type)} <bdi>{number}</bdi>
    </>
  );
  if (!page) return <span>{said}</span>;
  return (
    <Anchor inherit renderRoot={(props) => <Link to={page} {...props} />}>
      {said}
    </Anchor>
  );
}
