// The files of a drop, those in folders with their folders' names.

import type { Handed } from "./hand.ts";

/** More are no data set: they are not looked for. */
const MOST = 64;

/** To be called while the event is under way, after which it holds nothing. */
export async function handedBy({ items, files }: DataTransfer): Promise<Handed[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return chosen(files);
  const handed: Handed[] = [];
  for (const entry of entries) await walk(entry, "", handed);
  return handed;
}

export function chosen(files: FileList | readonly File[]): Handed[] {
  return [...files].map((file) => ({ path: file.name, file }));
}

async function walk(entry: FileSystemEntry, folder: string, handed: Handed[]): Promise<void> {
  const path = `${folder}${entry.name}`;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    handed.push({ path, file });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (some.length === 0 || handed.length > MOST) return;
      for (const one of some) await walk(one, `${path}/`, handed);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
