// The page: what is there becomes a section, what is not leaves none.

const sections = [];

function section(id, title, ...content) {
  if (content.flat().filter(Boolean).length) {
    sections.push(el('section', { id, 'aria-labelledby': id + '-title' }, el('h2', { id: id + '-title' }, title), content));
  }
}

function themeButton() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const button = el('button', { class: 'theme', type: 'button' });
  const set = (theme) => {
    root.dataset.theme = theme;
    button.textContent = theme === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to ${theme === 'dark' ? 'light' : 'dark'} colours`);
    redraw();
  };
  button.addEventListener('click', () => set(root.dataset.theme === 'dark' ? 'light' : 'dark'));
  dark.addEventListener('change', () => set(dark.matches ? 'dark' : 'light'));
  set(dark.matches ? 'dark' : 'light');
  return button;
}

function statusOf(run) {
  const end = run.end;
  if (!end.reason) {
    return { kind: run.starts ? 'running' : '', word: run.starts ? 'Not over' : 'Run', text: run.starts
      ? `as of ${data.written}: it was running, or has been killed since` : `read from its metrics on ${data.written}` };
  }
  const at = end.at ? `, ${end.at}` : '';
  return end.failed
    ? { kind: 'failed', word: 'Failed', text: end.reason + at }
    : { kind: 'ended', word: 'Ended', text: (end.reason === 'null' ? 'the evaluation is through' : end.reason) + at };
}

function lastOf(points) {
  return points.y.length ? points.y[points.y.length - 1] : null;
}

function environment(run, name) {
  const pair = run.environment.find(([key]) => key === name);
  return pair ? pair[1] : null;
}

function bestText(run) {
  const best = run.best.find((one) => one.monitor) || run.best[0];
  if (!best) {
    return null;
  }
  return best.monitor && typeof best.score === 'number' ? [short(best.score), `${best.monitor}, ${best.name}`] : ['newest', best.name];
}

function facts(run) {
  const steps = run.epochs.x.length ? run.epochs.x[run.epochs.x.length - 1] : null;
  const seconds = lastOf(run.seconds);
  const best = bestText(run);
  const trainable = (run.model.totals || []).find((line) => line.endsWith('trainable parameters'));
  const seed = environment(run, 'seed');
  const pairs = [
    ['steps', steps === null ? null : short(steps)],
    ['epochs', epochsOf(run)],
    ['time', seconds === null ? null : duration(seconds), run.starts > 1 ? `in ${run.starts} starts` : null],
    ['best checkpoint', best && best[0], best && best[1]],
    ['parameters', trainable ? trainable.split(' ')[0] : null, 'trainable'],
    ['seed', seed],
    ['device', environment(run, 'device')],
  ];
  return el('dl', { class: 'facts' }, pairs.filter(([, value]) => value).map(([name, value, more]) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value, more && el('small', {}, more)))));
}

function epochsOf(run) {
  const last = lastOf(run.epochs);
  if (last === null) {
    return null;
  }
  const ended = run.metrics.find((metric) => metric.name === 'epoch_time');
  return short(ended ? ended.count : last);
}

function bestValue(metric) {
  return metric.better === 'lower' ? [metric.min, metric.minAt] : metric.better === 'higher' ? [metric.max, metric.maxAt] : null;
}

function number(value, at) {
  return el('td', { class: 'number', title: String(value) }, short(value), at === undefined ? null : el('small', {}, 'step ' + short(at)));
}

function results(run) {
  const cells = (metric) => {
    const low = number(metric.min, metric.minAt);
    const high = number(metric.max, metric.maxAt);
    (metric.better === 'lower' ? low : metric.better === 'higher' ? high : el('i')).classList.add('best');
    return [metric.name, number(metric.last, metric.lastAt), low, high];
  };
  return el('div', { class: 'card' }, table(
    'The last, lowest and highest value of each metric, and the step it is from; green is better, as far as the name tells.',
    ['metric', 'last', 'lowest', 'highest'], run.metrics.map(cells), 'results'));
}

function comparison() {
  const names = [...new Set(data.runs.flatMap((run) => run.metrics.map((metric) => metric.name)))];
  const rows = names.map((name) => {
    const metrics = data.runs.map((run) => run.metrics.find((metric) => metric.name === name));
    const bests = metrics.map((metric) => metric && bestValue(metric));
    const values = bests.filter((best) => best && typeof best[0] === 'number').map(([value]) => value);
    const better = metrics.find(Boolean).better;
    const winner = better === 'lower' ? Math.min(...values) : Math.max(...values);
    return [name, ...metrics.map((metric, i) => {
      if (!metric) {
        return el('td', {}, '–');
      }
      if (!bests[i]) {
        return el('td', {}, short(metric.last), el('small', {}, `last, step ${short(metric.lastAt)}`));
      }
      const [value, at] = bests[i];
      const wins = values.length > 1 && value === winner;
      return el('td', { class: wins ? 'best' : null, title: String(value) }, (wins ? '★ ' : '') + short(value),
        el('small', {}, `step ${short(at)}, last ${short(metric.last)}`));
    })];
  });
  return el('div', { class: 'card' }, table(
    'Each run’s best value, where the name tells what is better, else its last. ★ marks the best of all.',
    ['metric', ...data.runs.map((run) => run.name)], rows, 'runs'));
}

function differences() {
  const all = data.runs.map((run) => new Map([
    ...flat(run.hyperparameters),
    ...run.environment.filter(([name]) => name !== 'started').map(([name, value]) => [`(${name})`, value])]));
  const names = [...new Set(all.flatMap((values) => [...values.keys()]))];
  const row = (name) => [name, ...all.map((values) => values.get(name) ?? '–')];
  const differs = (name) => new Set(all.map((values) => values.get(name))).size > 1;
  const columns = ['', ...data.runs.map((run) => run.name)];
  const different = names.filter(differs);
  const same = names.filter((name) => !differs(name));
  return [
    el('div', { class: 'card' }, different.length
      ? table('Where the runs differ; what is in brackets is not a hyperparameter.', columns, different.map(row), 'runs differs')
      : el('p', {}, names.length ? 'The runs do not differ in anything that is recorded.' : 'No hyperparameters are recorded.'),
    same.length ? el('details', {}, el('summary', {}, `The same in all: ${same.length}`), table(null, ['', 'all runs'],
      same.map((name) => [name, all[0].get(name)]))) : null)];
}

function overview() {
  return el('div', { class: 'card' }, table(null, ['run', 'state', 'steps', 'epochs', 'time'], data.runs.map((run, i) => {
    const status = statusOf(run);
    const steps = run.epochs.x[run.epochs.x.length - 1];
    const seconds = lastOf(run.seconds);
    return [el('span', {}, swatch(i), ' ', run.name), `${status.word}: ${status.text}`, short(steps), epochsOf(run) ?? '–',
      seconds === null ? '–' : duration(seconds)];
  })));
}

function checkpoints(run) {
  const best = new Map(run.best.map((one) => [one.name, one]));
  const rows = run.checkpoints.map((file) => {
    const one = best.get(file.name);
    const score = one && one.monitor ? `★ best ${one.monitor} ${short(one.score)}` : one ? 'newest kept' : '';
    return [file.name, el('td', { class: 'number' }, bytes(file.bytes)), el('td', { class: 'best' }, score)];
  });
  return rows.length ? el('div', { class: 'card' }, table(null, ['file', 'size', ''], rows)) : null;
}

function model(run) {
  const described = run.model;
  if (!described.rows) {
    return null;
  }
  return el('div', { class: 'card' },
    described.rows.length ? table(null, described.columns, described.rows) : null,
    described.left > 0 ? el('p', { class: 'note' }, `${short(described.left)} more layers are not shown.`) : null,
    el('p', { class: 'note' }, described.totals.join(' · ')));
}

function pairs(title, values) {
  return values.length ? el('div', { class: 'card' }, el('h3', {}, title), table(null, ['name', 'value'], values)) : null;
}

function charts(kind) {
  const some = data.charts.filter((chart) => chart.section === kind);
  return some.length ? el('div', { class: 'charts' }, some.map(chartCard)) : null;
}

function items(...kinds) {
  const some = data.runs.flatMap((run, i) => run.items.filter((item) => kinds.includes(item.kind)).map((item) => itemCard(i, item)));
  return some.length ? el('div', { class: 'items' }, some) : null;
}

function head() {
  const run = data.runs[0];
  const title = single ? run.name : `${data.runs.length} runs compared`;
  document.title = title;
  const status = statusOf(run);
  const module = single ? environment(run, 'module') : null;
  return el('header', { class: 'head' },
    el('div', {}, el('h1', {}, title),
      single
        ? el('p', { class: 'status ' + status.kind }, el('strong', {}, status.word), `: ${status.text}`)
        : el('p', { class: 'status' }, data.runs.map((one) => one.name).join(', ')),
      module && el('p', { class: 'status' }, 'module ' + module)),
    themeButton());
}

function build() {
  const header = head();
  const run = data.runs[0];
  section('curves', 'Curves', data.charts.length ? tools() : null, charts('metrics'));
  section('rates', 'Learning rate', charts('optimization'));
  if (single) {
    section('results', 'Results', run.metrics.length ? results(run) : null);
  } else {
    section('runs', 'Runs', overview());
    section('results', 'Results', comparison());
    section('differences', 'Hyperparameters', differences());
  }
  section('figures', 'Figures', items('matrix', 'curve'));
  section('pictures', 'Pictures', items('image'));
  section('tables', 'Texts and tables', items('table', 'text', 'artifact'));
  section('distributions', 'Distributions', items('histogram'));
  section('speed', 'Speed', charts('speed'));
  if (single) {
    section('model', 'Model', model(run));
    section('checkpoints', 'Checkpoints', checkpoints(run));
    const known = [pairs('Hyperparameters', flat(run.hyperparameters)), pairs('Environment', run.environment)].filter(Boolean);
    section('setting', 'Setting', known.length ? el('div', { class: 'pair' }, known) : null);
  }
  document.body.append(el('div', { class: 'wrap' },
    header,
    single ? facts(run) : null,
    el('nav', { 'aria-label': 'sections' }, sections.map((one) => el('a', { href: '#' + one.id }, one.querySelector('h2').textContent))),
    el('main', {}, sections),
    el('footer', {}, `Written by Lightning4j, ${data.written}. Curves are drawn by uPlot.`)));
}

build();
