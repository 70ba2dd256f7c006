// Charts as SVG text: elements, a document that is readable on light and dark pages, and estimates of text widths. Fonts
// are the reader's own.

/** Pixels of a character of the text size, on the generous side: the font is not known. */
const CHARACTER = 6.5;
export const TEXT_SIZE = 12;

/** Pixels that a text needs at most, or nearly. */
export const widthOf = (text) => text.length * CHARACTER;

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text) => String(text).replace(/[&<>"]/g, (character) => escapes[character]);
const attribute = (value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : escaped(value));

/** An element; children are SVG text already. */
export function element(name, attributes, ...children) {
  const list = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const opening = [name, ...list.map(([key, value]) => `${key}="${attribute(value)}"`)].join(' ');
  return children.length === 0 ? `<${opening}/>` : `<${opening}>${children.join('')}</${name}>`;
}

/** `more`: class, text-anchor, transform. */
export const text = (x, y, content, more = {}) => element('text', { x, y, ...more }, escaped(content));
export const line = (x1, y1, x2, y2, name) => element('line', { x1, y1, x2, y2, class: name });
export const box = (x, y, width, height, name) => element('rect', { x, y, width, height, class: name });

/** Colours of lines and bars: told apart by lightness too. */
const tones = {
  first: ['#1f6feb', '#58a6ff'],
  second: ['#bc4c00', '#f0883e'],
  third: ['#2da44e', '#56d364'],
  quiet: ['#9aa4af', '#6e7681'],
};
const inks = {
  page: ['#ffffff', '#0d1117'],
  ink: ['#1f2328', '#e6edf3'],
  faint: ['#59636e', '#9198a1'],
  grid: ['#d8dee4', '#30363d'],
  band: ['#eef1f4', '#1b2129'],
};

function rules(which) {
  const fill = (name, pair) => `.${name}{fill:${pair[which]}}`;
  const stroke = (name, pair) => `.${name}-line{stroke:${pair[which]}}`;
  return [
    ...Object.entries({ ...inks, ...tones }).map(([name, pair]) => fill(name, pair)),
    ...Object.entries({ ...inks, ...tones }).map(([name, pair]) => stroke(name, pair)),
  ].join('');
}

const style = [
  `text{font:${TEXT_SIZE}px system-ui,-apple-system,"Segoe UI",sans-serif}`,
  '.title{font-size:15px;font-weight:600}.heading{font-weight:600}.small{font-size:11px}',
  'polyline{fill:none;stroke-width:1.6;stroke-linejoin:round}',
  '.grid-line{stroke-width:1}.ink-line{stroke-width:1.2}.budget{stroke-width:1.6;stroke-dasharray:4 3}',
  rules(0),
  `@media (prefers-color-scheme:dark){${rules(1)}}`,
].join('');

/** A whole picture. `title` is shown, and read out with `description`. */
export function picture({ width, height, title, description }, children) {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
  };
  return `${element(
    'svg',
    attributes,
    element('title', {}, escaped(title)),
    element('desc', {}, escaped(description)),
    element('style', {}, style),
    box(0, 0, width, height, 'page'),
    text(16, 26, title, { class: 'ink title' }),
    ...children.map((child) => `\n${child}`),
    '\n',
  )}\n`;
}
