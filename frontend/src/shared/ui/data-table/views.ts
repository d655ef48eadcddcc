import { createContext, use } from "react";

export type SavedView = {
  id: string;
  name: string;
  /** The list's state as it stands in the URL, without the page. */
  search: string;
  isShared: boolean;
  isDefault: boolean;
  isMine: boolean;
};

export type ViewStore = {
  views: SavedView[];
  save: (view: {
    name: string;
    search: string;
    isShared: boolean;
    isDefault: boolean;
  }) => Promise<unknown>;
  change: (
    id: string,
    change: { search?: string; isShared?: boolean; isDefault?: boolean },
  ) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
};

/** Where saved views are kept. app/ provides it; a list works without. */
export const ViewStoreContext = createContext<((list: string) => ViewStore) | null>(null);

const none: ViewStore = {
  views: [],
  save: () => Promise.resolve(),
  change: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

export function useViewStore(list: string): ViewStore | null {
  const useStore = use(ViewStoreContext) ?? useNothing;
  const store = useStore(list);
  return store === none ? null : store;
}

function useNothing() {
  return none;
}
