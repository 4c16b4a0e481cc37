// Elements and numbers. Whatever comes from a run becomes a text node or an attribute, never markup.

const data = JSON.parse(document.getElementById('data').textContent);
const single = data.runs.length === 1;
const root = document.documentElement;

function el(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function color(name) {
  return getComputedStyle(root).getPropertyValue('--' + name).trim();
}

/** A number in about five digits; what is not finite comes as a text. */
function short(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (typeof value !== 'number') {
    return String(value);
  }
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) {
    return value.toLocaleString('en-US');
  }
  if (size >= 1e6 || size < 1e-4) {
    return value.toExponential(3).replace(/\.?0+e/, 'e');
  }
  return String(Number(value.toPrecision(5)));
}

function duration(seconds) {
  const s = Math.round(seconds);
  if (seconds < 10) {
    return seconds.toFixed(1) + ' s';
  }
  if (s < 60) {
    return s + ' s';
  }
  if (s < 3600) {
    return Math.floor(s / 60) + ' min ' + String(s % 60).padStart(2, '0') + ' s';
  }
  return Math.floor(s / 3600) + ' h ' + String(Math.floor((s % 3600) / 60)).padStart(2, '0') + ' min';
}

function bytes(count) {
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]]) {
    if (count >= size) {
      return (count / size).toPrecision(3) + ' ' + unit;
    }
  }
  return count + ' bytes';
}

/** The last of a curve's points at or before x; an index, -1 if there is none. */
function indexAt(xs, x) {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

function interpolated(points, x) {
  const i = indexAt(points.x, x);
  if (i < 0) {
    return points.y[0];
  }
  if (i === points.x.length - 1) {
    return points.y[i];
  }
  const share = (x - points.x[i]) / (points.x[i + 1] - points.x[i]);
  return points.y[i] + share * (points.y[i + 1] - points.y[i]);
}

function scrolling(table) {
  return el('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'table' }, table);
}

function table(caption, columns, rows, kind) {
  return scrolling(el('table', { class: kind },
    caption && el('caption', {}, caption),
    el('thead', {}, el('tr', {}, columns.map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, rows.map((cells) => el('tr', {}, cells.map((cell, i) =>
      i === 0 ? el('th', { scope: 'row' }, cell) : cell instanceof HTMLTableCellElement ? cell : el('td', {}, cell)))))));
}

function flat(values, path = '') {
  return Object.entries(values).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? flat(value, path + name + '.')
      : [[path + name, Array.isArray(value) ? JSON.stringify(value) : String(value)]]);
}
