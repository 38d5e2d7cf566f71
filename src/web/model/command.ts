// The command line that gives what the page gives.

export function commandOf(text: string): string {
  return `widthwise run /dev/stdin <<'STUDY'\n${text.replace(/\n*$/, "\n")}STUDY`;
}
