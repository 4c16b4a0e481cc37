// What is no number: matrices, curves, pictures, texts, tables, histograms, files.

const CONFUSED = 'rows are labels, columns predictions';

function itemCard(run, item) {
  const drawn = ITEMS[item.kind](item);
  const title = single ? item.name : `${data.runs[run].name} · ${item.name}`;
  const wide = ['matrix', 'table', 'text'].includes(item.kind) ? ' wide' : '';
  return el('section', { class: 'card item' + wide, 'aria-label': title },
    el('header', {}, el('h3', {}, title), el('span', { class: 'where' }, 'step ' + short(item.step))),
    drawn);
}

const ITEMS = {
  image: (item) => el('figure', {}, imageOf(item)),
  text: (item) => el('pre', { tabindex: 0 }, item.text),
  table: (item) => [
    table(null, item.columns, item.rows),
    item.left > 0 ? el('p', { class: 'note' }, `${short(item.left)} more rows are not shown.`) : null],
  matrix: matrixOf,
  curve: planeOf,
  histogram: histogramOf,
  artifact: (item) => el('p', {}, item.path
    ? el('a', { href: item.path.map(encodeURIComponent).join('/') }, item.file)
    : item.file),
};

function imageOf(item) {
  const scale = Math.max(1, Math.min(8, Math.floor(440 / item.width)));
  return el('img', {
    src: 'data:image/png;base64,' + item.png,
    width: item.width * scale,
    height: item.height * scale,
    alt: `${item.name}, a picture of ${item.width} by ${item.height} pixels`,
    style: (scale > 1 ? 'image-rendering: pixelated; ' : '') + 'height: auto',
  });
}

function matrixOf(item) {
  const square = item.rows.length === item.columns.length && item.rows.every((name, i) => name === item.columns[i]);
  const sums = item.values.map((row) => row.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0));
  const most = Math.max(...item.values.flat().filter(Number.isFinite), 0);
  const cell = (value, i, j) => {
    const share = !Number.isFinite(value) ? 0 : square ? value / (sums[i] || 1) : value / (most || 1);
    const right = !square || i === j;
    const strength = right ? 90 * share : Math.min(90, 100 * Math.sqrt(share));
    const said = `label ${item.rows[i]}, ${square ? 'prediction ' : ''}${item.columns[j]}: ${short(value)}`
      + (square ? ` (${short(100 * share)} % of the label)` : '');
    return el('td', {
      class: value === 0 ? 'none' : strength > 55 ? 'hot' : null,
      title: said,
      style: `--share: ${strength.toFixed(1)}; --tone: var(--${right ? 'heat' : 'miss'})`,
    }, value === 0 ? '·' : Number.isInteger(value) ? String(value) : Number.isFinite(value) ? value.toFixed(2) : short(value));
  };
  return scrolling(el('table', { class: 'matrix' },
    el('caption', {}, square ? CONFUSED : 'by class'),
    el('thead', {}, el('tr', {}, el('td', {}), item.columns.map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, item.values.map((row, i) => el('tr', {},
      el('th', { scope: 'row' }, item.rows[i]), row.map((value, j) => cell(value, i, j)))))));
}

const PLANE = { width: 460, height: 300, left: 46, right: 12, top: 8, bottom: 40 };

function frame(x, y, xName, yName) {
  const { width, height, left, right, top, bottom } = PLANE;
  const px = (value) => left + (value - x.min) / (x.max - x.min) * (width - left - right);
  const py = (value) => height - bottom - (value - y.min) / (y.max - y.min) * (height - top - bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const at = (range, share) => range.min + share * (range.max - range.min);
  const label = (value) => String(Number(value.toPrecision(3)));
  return {
    px, py,
    element: svg('svg', { class: 'plane', viewBox: `0 0 ${width} ${height}`, role: 'img', tabindex: 0 },
      ticks.map((share) => [
        svg('line', { class: 'grid', x1: px(at(x, share)), x2: px(at(x, share)), y1: top, y2: height - bottom }),
        svg('line', { class: 'grid', y1: py(at(y, share)), y2: py(at(y, share)), x1: left, x2: width - right }),
        svg('text', { x: px(at(x, share)), y: height - bottom + 15, 'text-anchor': 'middle' }, label(at(x, share))),
        svg('text', { x: left - 6, y: py(at(y, share)) + 4, 'text-anchor': 'end' }, label(at(y, share)))]).flat(),
      svg('text', { x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle' }, xName),
      svg('text', { x: 10, y: (top + height - bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 10 ${(top + height - bottom) / 2})` }, yName)),
  };
}

function rangeOf(values) {
  const finite = values.filter(Number.isFinite);
  const min = Math.min(0, ...finite);
  const max = Math.max(...finite, min);
  return min === 0 && max <= 1 ? { min: 0, max: 1 } : { min, max: max === min ? min + 1 : max };
}

function planeOf(item) {
  const lines = item.lines.map((line, style) => ({
    style,
    name: line.name,
    points: line.x.map((x, i) => ({ x, y: line.y[i], threshold: line.thresholds[i] }))
      .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y)),
  }));
  const all = lines.flatMap((line) => line.points.map((point) => ({ line, ...point })));
  const { px, py, element } = frame(rangeOf(all.map((point) => point.x)), rangeOf(all.map((point) => point.y)), item.x, item.y);
  element.setAttribute('aria-label', `${item.name}: ${item.y} over ${item.x}, ${lines.length} curves. Arrow keys move along them.`);
  lines.forEach((line) => element.append(svg('path', {
    d: line.points.map((point, i) => `${i ? 'L' : 'M'}${px(point.x).toFixed(1)} ${py(point.y).toFixed(1)}`).join(''),
    stroke: `var(--c${line.style % COLORS})`,
    'stroke-dasharray': DASHES[line.style % DASHES.length].join(' '),
  })));
  const dot = svg('circle', { r: 4.5, fill: 'var(--ink)', visibility: 'hidden' });
  const read = el('p', { class: 'note' }, '\u00a0');
  element.append(dot);
  let current = -1;
  const show = (index) => {
    current = index;
    const point = all[index];
    dot.setAttribute('cx', px(point.x));
    dot.setAttribute('cy', py(point.y));
    dot.setAttribute('visibility', 'visible');
    read.textContent = [point.line.name, `${item.x} ${short(point.x)}`, `${item.y} ${short(point.y)}`,
      point.threshold === null || point.threshold === undefined ? '' : `threshold ${short(point.threshold)}`].filter(Boolean).join(' · ');
  };
  element.addEventListener('pointermove', (event) => {
    const box = element.getBoundingClientRect();
    const scale = PLANE.width / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    let best = -1;
    let least = Infinity;
    all.forEach((point, i) => {
      const far = (px(point.x) - x) ** 2 + (py(point.y) - y) ** 2;
      if (far < least) {
        least = far;
        best = i;
      }
    });
    if (best >= 0) {
      show(best);
    }
  });
  element.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      show(Math.max(0, Math.min(all.length - 1, current + step)));
    }
  });
  return [element, lines.length > 1 || lines[0]?.name
    ? el('ul', { class: 'legend' }, lines.map((line) => el('li', {}, swatch(line.style), ' ', line.name || item.name)))
    : null, read];
}

function histogramOf(item) {
  const counts = item.counts;
  const y = { min: 0, max: Math.max(1, ...counts) };
  const x = { min: item.min, max: item.max > item.min ? item.max : item.min + 1 };
  const told = item.nonFinite > 0 ? el('p', { class: 'note' }, `${short(item.nonFinite)} more numbers are not finite.`) : null;
  if (!Number.isFinite(x.min) || !counts.length) {
    return [el('p', { class: 'note' }, 'There is no finite number.'), told];
  }
  const { px, py, element } = frame(x, y, 'value', 'count');
  element.setAttribute('aria-label', `${item.name}: values from ${short(item.min)} to ${short(item.max)}`);
  counts.forEach((count, i) => {
    const from = px(i === 0 ? item.min : item.limits[i - 1]);
    const to = px(Math.min(x.max, item.limits[i]));
    element.append(svg('rect', { class: 'bar', x: from, y: py(count), width: Math.max(0.5, to - from - 1), height: py(0) - py(count) },
      svg('title', {}, `${short(count)} up to ${short(item.limits[i])}`)));
  });
  return [element, told];
}
