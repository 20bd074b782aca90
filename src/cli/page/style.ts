/** The style sheet. The reader's setting decides between light and dark. Printouts are light. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d9dee3; --shade: #f4f6f8;
  --red: #b42318; --red-shade: #fef1ef; --green: #1a7f37; --green-shade: #effaf1;
  --amber: #8a5a00; --amber-shade: #fff7e6; --link: #0b5cad;
  --c0: #c8452f; --c1: #e09b2d; --c2: #3f7fc1; --c3: #7b5ea7; --c4: #2f9e8f; --c5: #8b949e;
}
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171b; --ink: #e6e9ed; --soft: #9aa4af; --line: #30363d; --shade: #1d2127;
  --red: #ff8a7a; --red-shade: #33191a; --green: #5fd07f; --green-shade: #14291b;
  --amber: #f0b849; --amber-shade: #2e2410; --link: #7ab8ff;
  --c0: #ef6b57; --c1: #e8b04f; --c2: #6aa6e6; --c3: #a98bd6; --c4: #4fc3b1; --c5: #7d8590;
} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1rem; font-weight: 600; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .2rem; }
p { margin: 0 0 .5rem; } a { color: var(--link); }
.soft, caption, figcaption, .keys, footer { color: var(--soft); font-size: .875rem; }
.verdict { margin: 1rem 0; padding: 1.1rem 1.4rem; border-left: .4rem solid; border-radius: .3rem; }
.verdict strong { display: block; font-size: 1.75rem; line-height: 1.25; }
.verdict p { margin: .35rem 0 0; color: var(--ink); }
.refused { color: var(--red); background: var(--red-shade); }
.ready { color: var(--green); background: var(--green-shade); }
.unknown { color: var(--amber); background: var(--amber-shade); }
.numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 0; }
.numbers div { background: var(--shade); border-radius: .3rem; padding: .6rem .9rem; }
.numbers dt { color: var(--soft); font-size: .875rem; }
.numbers dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.warnings { margin: .75rem 0 0; padding: 0 0 0 1.2rem; color: var(--amber); }
ol.steps { list-style: none; counter-reset: step; padding: 0; margin: 0; }
ol.steps > li { counter-increment: step; position: relative; padding: 0 0 1.1rem 2.6rem; }
ol.steps > li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 1.7rem;
  height: 1.7rem; line-height: 1.7rem; text-align: center; border-radius: 50%; font-weight: 600;
  background: var(--ink); color: var(--paper); }
.line { display: flex; align-items: stretch; margin: .35rem 0; }
pre { flex: 1; min-width: 0; margin: 0; padding: .5rem .8rem; border-radius: .3rem;
  background: var(--shade); border: 1px solid var(--line); white-space: pre-wrap;
  overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace;
  max-height: 12rem; overflow-y: auto; user-select: all; }
button { margin-left: .4rem; min-width: 5rem; border: 1px solid var(--line); border-radius: .3rem;
  background: var(--paper); color: var(--ink); font: inherit; font-size: .875rem; cursor: pointer; }
button:hover { border-color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
  gap: 1.5rem 2rem; }
figure { margin: 0; max-width: 36rem; display: flex; flex-direction: column; }
svg.chart { margin-top: auto; } figcaption { color: var(--ink); font-weight: 600; }
.keys { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0; margin: .2rem 0; }
svg.key { width: .7rem; height: .7rem; margin-right: .35rem; }
svg.chart { display: block; width: 100%; height: auto; font-size: 12px; fill: var(--soft);
  font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); } .hit { fill: transparent; }
.day:hover .hit { fill: var(--shade); }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); }
.c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption { text-align: left; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-size: .8125rem; font-weight: 600; color: var(--soft); white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; overflow-wrap: normal;
  font-variant-numeric: tabular-nums; }
td.cause { white-space: nowrap; } td.prose { overflow-wrap: break-word; }
td.date { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.name { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .84rem; }
td.bar { width: 22%; min-width: 4rem; } td.bar svg { display: block; width: 100%; height: .75rem;
  margin-top: .4rem; }
.filter { display: flex; gap: .75rem; align-items: center; margin: .25rem 0 .5rem; }
input { flex: 0 1 22rem; min-width: 0; padding: .4rem .6rem; border: 1px solid var(--line);
  border-radius: .3rem; background: var(--paper); color: var(--ink); font: inherit; font-size: .9rem; }
/* A long table scrolls on the screen, under its heads. */
.scroll { max-height: 30rem; overflow-y: auto; }
thead th { position: sticky; top: 0; background: var(--paper); }
details { margin: .75rem 0; } summary { cursor: pointer; color: var(--link); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media (max-width: 40rem) {
  main { padding: 1.25rem .9rem 3rem; } .verdict strong { font-size: 1.375rem; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  .wide { display: none; } td.bar { min-width: 2.5rem; }
  ol.steps > li { padding-left: 0; } ol.steps > li::before { position: static; display: block;
    margin-bottom: .3rem; }
}
@page { margin: 1.5cm; }
@media print {
  :root { color-scheme: light; font-size: 11px;
    --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f4f6f8;
    --red: #b42318; --red-shade: #fff; --green: #1a7f37; --green-shade: #fff;
    --amber: #8a5a00; --amber-shade: #fff; --link: #000;
    --c0: #c8452f; --c1: #e09b2d; --c2: #3f7fc1; --c3: #7b5ea7; --c4: #2f9e8f; --c5: #8b949e; }
  body { font-size: 1rem; } main { max-width: none; padding: 0; }
  /* Most printers leave backgrounds out. */
  ol.steps > li::before { background: none; color: var(--ink); border: 1px solid; }
  button, .filter { display: none; } pre, .scroll { max-height: none; overflow: visible; }
  thead th { position: static; }
  .charts { grid-template-columns: 1fr 1fr; }
  tr, .line, figure, ol.steps > li { break-inside: avoid; }
  h2, caption { break-after: avoid; } a { text-decoration: none; }
}
`;
