import { queryOptions } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";

export type Explanation = Schemas["ExplanationOut"];
export type Rights = Schemas["RightsOut"];
export type AccessChoices = Schemas["ChoicesOut"];

/** What is asked, as it stands in the address; without a person it is about oneself. */
export type AccessQuestion = {
  user?: string | undefined;
  kind?: string | undefined;
  record?: string | undefined;
  permission?: string | undefined;
  /** A route of the API, as a refusal names it. */
  operation?: string | undefined;
};

export const isAsked = (question: AccessQuestion) =>
  question.permission !== undefined ||
  question.kind !== undefined ||
  question.operation !== undefined;

export const explanation = ({ user, ...asked }: AccessQuestion) =>
  queryOptions({
    queryKey: ["accounts", "access", "explain", user, asked],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/access/explain", {
          params: {
            query: {
              ...(user && { user_id: user }),
              ...(asked.permission && { permission: asked.permission }),
              ...(asked.kind && { kind: asked.kind }),
              ...(asked.record && { record: asked.record }),
              ...(asked.operation && { operation: asked.operation }),
            },
          },
          signal,
        }),
      ),
  });

export const rights = (user: string | undefined) =>
  queryOptions({
    queryKey: ["accounts", "access", "rights", user],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/access/rights", {
          params: { query: user ? { user_id: user } : {} },
          signal,
        }),
      ),
  });

export const accessChoices = () =>
  queryOptions({
    queryKey: ["accounts", "access", "choices"],
    staleTime: Infinity,
    queryFn: ({ signal }) => ask(client.GET("/api/access/choices", { signal })),
  });

export const findUsers = (text: string) =>
  queryOptions({
    queryKey: ["accounts", "users", "named", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/users", {
          params: { query: { limit: 20, ...(text && { q: text }) } },
          signal,
        }),
      ),
  });
