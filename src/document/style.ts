// The looks of report.html: light and dark, narrow screens and paper.

export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #fdfdfc; --ink: #1d1d1f; --faint: #5f6066; --line: #dcdcd8; --tint: #f4f3ef;
  --accent: #5b02a3; --note: #fff7e6; --note-edge: #d98e04;
  --shade: rgb(0 0 0 / 0.2);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #17181b; --ink: #e9e9e6; --faint: #a5a6ac; --line: #36373c; --tint: #212226;
    --accent: #d3a6ff; --note: #2b2416; --note-edge: #d98e04;
    --shade: rgb(255 255 255 / 0.22);
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 54rem; padding: 2.5rem 1.25rem 5rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0.2rem 0 1rem; text-wrap: balance; }
h2 { font-size: 1.3rem; letter-spacing: -0.01em; margin: 3rem 0 0.8rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
p, ul { max-width: 44rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
.study { margin: 0; color: var(--faint); font-size: 0.9rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; list-style: none; margin: 0; padding: 0; font-size: 0.9rem; }
main > section:first-child h2 { margin-top: 2rem; }
main ul { padding-left: 1.2rem; }
main li { margin: 0.35rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0.8rem; margin: 1rem 0 1.4rem; }
.facts > div { display: flex; flex-direction: column; background: var(--tint); border-radius: 0.5rem; padding: 0.8rem 1rem 0.9rem; }
.facts dt { color: var(--faint); font-size: 0.85rem; line-height: 1.35; }
.facts dd { margin: auto 0 0; }
.facts strong { display: block; font-size: 2rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.facts span { color: var(--faint); font-size: 0.85rem; }
.note { background: var(--note); border-left: 0.25rem solid var(--note-edge); border-radius: 0.25rem; padding: 0.8rem 1rem; margin: 1.2rem 0; }
figure { margin: 1.2rem 0; }
.drawing { background: #fff; border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.6rem; }
.drawing svg { display: block; width: 100%; height: auto; margin: 0 auto; }
.narrow { display: none; }
#interpolation .drawing svg, #learning-rate .drawing svg { max-width: 44rem; }
figcaption { margin-top: 0.6rem; font-size: 0.88rem; line-height: 1.5; color: var(--faint); max-width: 48rem; }
figcaption strong { color: var(--ink); }
/* Where a table goes on beyond an edge of its window, that edge has a shade: covers of the ground's color scroll with the table. */
.scroll {
  overflow-x: auto; margin: 1.2rem 0;
  background:
    linear-gradient(to right, var(--ground) 40%, transparent) left / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--ground) 40%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 0.9rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / 0.9rem 100% no-repeat scroll;
}
@media screen and (min-width: 56rem) {
  /* A table that its column has no room for takes what is free on both sides. */
  .scroll { width: min-content; min-width: 100%; max-width: calc(100vw - 4rem); margin-left: 50%; transform: translateX(-50%); }
}
table { border-collapse: collapse; font-size: 0.88rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; color: var(--faint); padding-bottom: 0.4rem; }
caption span { display: block; max-width: min(44rem, calc(100vw - 2.5rem)); }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1.1rem 0.35rem 0; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; font-weight: 600; border-bottom-color: var(--faint); }
tbody th { font-weight: 600; min-width: 5rem; }
tbody th.number { min-width: 0; }
.number { text-align: right; }
td.number, code[title], p code { white-space: nowrap; }
#provenance td { overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.88em; }
code[title] { text-decoration: underline dotted; text-underline-offset: 0.2em; cursor: help; }
pre { background: var(--tint); border-radius: 0.5rem; padding: 0.8rem 1rem; overflow-x: auto; line-height: 1.45; }
pre code { font-size: 0.85rem; }
@media screen and (max-width: 44rem) {
  body { padding: 1.5rem 1.25rem 4rem; }
  .wide { display: none; }
  .narrow { display: block; max-width: 30rem; margin: 0 -0.6rem; padding: 0.4rem; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --ink: #000; --faint: #444; --line: #bbb; --tint: #f4f4f4; --accent: #000; --note: #f7f7f7; --note-edge: #888; }
  @page { margin: 14mm 15mm; }
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.42; }
  nav { display: none; }
  h1 { font-size: 17pt; margin-bottom: 0.6rem; }
  h2 { font-size: 12.5pt; margin: 1rem 0 0.4rem; padding-top: 0.35rem; break-after: avoid; }
  main > section:first-child h2 { margin-top: 1rem; }
  p, ul { max-width: none; }
  figure, .scroll { margin: 0.6rem 0; }
  /* What is small stays whole; what is long breaks between its rows or lines, so that no page ends early for it. */
  figure, tr, p, li, .note, .facts, table:not(:has(tbody tr:nth-child(20))) { break-inside: avoid; }
  thead, tbody tr:nth-child(-n+3) { break-after: avoid; }
  p:has(+ pre), p:has(+ .scroll), p:has(+ figure), .scroll:has(+ figure) { break-after: avoid; }
  .drawing { border: 0; padding: 0; }
  figcaption { font-size: 8pt; max-width: none; margin: 0.4rem 0 0; }
  /* Figures 1 and 2 share a page of A4 or Letter; their letters keep 5 pt. */
  .drawing svg { max-width: 148mm; margin: 0; }
  #interpolation figure, #learning-rate figure { display: grid; grid-template-columns: 106mm 1fr; gap: 5mm; align-items: end; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 8pt; }
  th, td { padding-top: 0.15rem; padding-bottom: 0.15rem; }
  pre { white-space: pre-wrap; padding: 0.5rem 0.8rem; }
  pre code { font-size: 8pt; }
  pre { break-inside: avoid; }
  #provenance pre:last-child code { display: block; columns: 3; font-size: 7.5pt; }
}
`;
