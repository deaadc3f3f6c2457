type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the members that are undefined: optional members of the model are absent, or JSON would not keep them equal. */
export const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as Present<T>;
