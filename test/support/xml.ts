// A strict reader of the XML that we write: elements, quoted attributes, text, the five entities.

/** The first thing that is not well-formed, or null. */
export function xmlFault(text: string): string | null {
  const open: string[] = [];
  let at = 0;
  for (const { 0: tag, index } of text.matchAll(/<[^<>]*>/g)) {
    const between = text.slice(at, index);
    if (/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/.test(between)) return `stray markup in "${between}"`;
    const match =
      /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z][\w:-]*="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>$/.exec(
        tag,
      );
    if (!match) return `bad tag ${tag}`;
    const [, closes, name = "", attributes = "", empty] = match;
    const names = [...attributes.matchAll(/ ([\w:-]+)="/g)].map(([, key]) => key);
    if (new Set(names).size !== names.length) return `attribute twice in ${tag}`;
    if (closes) {
      if (open.pop() !== name) return `unexpected ${tag}`;
    } else if (!empty) open.push(name);
    at = index + tag.length;
  }
  if (/\S/.test(text.slice(at))) return "text after the end";
  return open.length === 0 ? null : `not closed: ${open.join(", ")}`;
}
