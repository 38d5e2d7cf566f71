// What takes long to find in something that does not change: found once, and kept as long as that is.

export function remembered<Given extends object, Found>(
  find: (given: Given) => Found,
): (given: Given) => Found {
  const known = new WeakMap<Given, { readonly found: Found }>();
  return (given) => {
    const { found } = known.get(given) ?? { found: find(given) };
    known.set(given, { found });
    return found;
  };
}
