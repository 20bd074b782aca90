/**
 * The page's script. It copies a command, filters a table, and opens everything before printing.
 * The page is complete without it, so it creates its own buttons. It never turns text into HTML.
 */
export const script = `'use strict';
const make = (tag, text, after) => {
  const element = document.createElement(tag);
  element.textContent = text;
  after.after(element);
  return element;
};
for (const command of document.querySelectorAll('pre.command')) {
  const button = make('button', 'copy', command);
  button.type = 'button';
  button.addEventListener('click', async () => {
    const range = document.createRange();
    range.selectNodeContents(command);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'copied';
    } catch {
      button.textContent = 'selected';
    }
    setTimeout(() => (button.textContent = 'copy'), 2000);
  });
}
const filters = new Map();
for (const table of document.querySelectorAll('table.filtered')) {
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const box = document.createElement('div');
  box.className = 'filter';
  const input = document.createElement('input');
  input.type = 'search';
  input.placeholder = 'filter';
  input.setAttribute('aria-label', 'filter ' + table.caption.textContent);
  const said = document.createElement('output');
  box.append(input, said);
  table.parentElement.before(box);
  const filter = () => {
    const words = input.value.toLowerCase().split(' ').filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every((word) => texts[i].includes(word));
      if (!row.hidden) shown += 1;
    });
    said.textContent = words.length === 0 ? '' : shown + ' of ' + rows.length;
  };
  input.addEventListener('input', filter);
  filters.set(table.id, (text) => {
    input.value = text;
    filter();
  });
}
for (const link of document.querySelectorAll('a[data-filter]')) {
  link.addEventListener('click', () => filters.get(link.hash.slice(1))?.(link.dataset.filter));
}
let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open])')];
  for (const details of closed) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of closed) details.open = false;
});
`;
