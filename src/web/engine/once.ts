// What takes long to get, and is got once.

/** By its name; what could not be got is asked for anew. */
export function once<Got>(get: (name: string) => Promise<Got>): (name: string) => Promise<Got> {
  const all = new Map<string, Promise<Got>>();
  return (name) => {
    const known = all.get(name);
    if (known !== undefined) return known;
    const got = get(name);
    all.set(name, got);
    got.catch(() => all.delete(name));
    return got;
  };
}
