// What is wrong, who takes care of it, and whether the channels work.
import { h, state, on, number, instant, words } from './core.js';
import { attempt, ask, person, send } from './dialogs.js';
import { panel, empty, table } from './parts.js';

const severity = alert =>
  h(
    'span',
    {
      class: `badge ${alert.state === 'resolved' ? '' : alert.severity === 'critical' ? 'bad' : alert.severity === 'warning' ? 'warn' : ''}`,
    },
    alert.state === 'resolved' ? 'resolved' : alert.severity,
  );

export function alerts(root, signal) {
  const firing = panel('Alerts', 'w12'),
    silences = panel('Silences', 'w6'),
    channels = panel('Channels', 'w6'),
    receipts = panel('Messages', 'w12');
  channels.actions.append(h('button', { type: 'button', class: 'small', onclick: test }, 'Send a test'));
  root.append(h('div', { class: 'grid' }, firing.element, silences.element, channels.element, receipts.element));
  const list = table(
    [
      { name: 'Severity', cell: severity },
      { name: 'Alert', cell: a => a.name },
      { name: 'What', wrap: true, cell: a => a.summary },
      { name: 'Since', cell: a => instant(a.started_at) },
      { name: 'Told', cell: a => (a.silence_id ? 'silenced' : a.announced_at ? instant(a.announced_at) : 'waiting') },
      {
        name: 'Taken care of',
        cell: a => (a.acknowledged_by ? `${a.acknowledged_by}: ${a.acknowledge_reason}` : '–'),
      },
      {
        name: '',
        cell: a =>
          a.state === 'resolved'
            ? ''
            : h(
                'span',
                { style: 'display:flex;gap:6px' },
                a.acknowledged_by
                  ? null
                  : h(
                      'button',
                      {
                        type: 'button',
                        class: 'small',
                        'aria-label': `Acknowledge ${a.name}`,
                        onclick: () => acknowledge(a),
                      },
                      'Acknowledge',
                    ),
                h(
                  'button',
                  { type: 'button', class: 'small', 'aria-label': `Silence ${a.name}`, onclick: () => silence(a) },
                  'Silence',
                ),
              ),
      },
    ],
    'Alerts',
  );
  const quiet = table(
    [
      {
        name: 'Alerts with',
        cell: s =>
          Object.entries(s.matchers)
            .map(([name, value]) => `${name}=${value}`)
            .join(', '),
      },
      { name: 'Until', cell: s => instant(s.until) },
      { name: 'By', cell: s => `${s.by}: ${s.reason}` },
      { name: '', cell: s => h('button', { type: 'button', class: 'small', onclick: () => end(s) }, 'End') },
    ],
    'Silences',
  );
  const ways = table(
    [
      { name: 'Channel', cell: c => c.name },
      { name: 'Kind', cell: c => words(c.kind) },
      {
        name: 'State',
        cell: c =>
          h(
            'span',
            { class: `badge ${c.failures_in_a_row ? 'bad' : c.last_success ? 'good' : ''}` },
            c.failures_in_a_row ? `${c.failures_in_a_row} failures` : c.last_success ? 'works' : 'not used yet',
          ),
      },
      { name: 'Last', wrap: true, cell: c => c.last_error ?? instant(c.last_success) },
    ],
    'Channels',
  );
  const told = table(
    [
      { name: 'Time', cell: r => instant(r.at) },
      { name: 'Message', cell: r => r.title },
      { name: 'Kind', cell: r => words(r.kind) },
      { name: 'Alerts', num: true, cell: r => number(r.alerts) },
      { name: 'Channel', cell: r => (r.delivered ? r.channel : h('span', { class: 'bad' }, 'reached nobody')) },
      { name: 'Receipt', wrap: true, cell: r => r.detail },
    ],
    'Messages',
  );
  const draw = () => {
    const all = state.alerts;
    if (!all || all.problem) {
      for (const one of [firing, silences, channels, receipts]) one.show(empty(all?.problem ?? 'Waiting.'));
      return;
    }
    firing.note.textContent = `${number(all.firing)} firing`;
    firing.show(all.alerts.length ? list.element : empty('Nothing is wrong, as far as is measured.'));
    list.show(all.alerts, a => a.fingerprint);
    silences.show(all.silences.length ? quiet.element : empty('Nothing is silenced.'));
    quiet.show(all.silences, s => s.silence_id);
    channels.show(
      all.channels.length
        ? ways.element
        : empty('No channel is set up: alerts are seen here only (alerts:channels).'),
    );
    ways.show(all.channels, c => c.name);
    receipts.note.textContent = all.pending_count ? `${number(all.pending_count)} on their way` : '';
    receipts.show(all.receipts.length ? told.element : empty('No message was sent yet.'));
    told.show(all.receipts, r => r.id + r.at);
  };
  on('alerts', draw, signal);
  draw();
}

async function acknowledge(alert) {
  const answer = await ask({
    title: `Acknowledge ${alert.name}`,
    text: alert.summary,
    confirm: 'Acknowledge',
    fields: person('What you do about it'),
  });
  if (!answer) return;
  await attempt(() => send(`/api/alerts/${alert.fingerprint}/acknowledge`, answer), 'Acknowledged.');
}

async function silence(alert) {
  const answer = await ask({
    title: `Silence ${alert.name}`,
    text: 'Nobody is told of alerts with the same labels; they are still listed.',
    confirm: 'Silence',
    fields: [{ name: 'minutes', label: 'Minutes', type: 'number', value: '60' }, ...person()],
  });
  if (!answer) return;
  const request = {
    ...answer,
    matchers: { alertname: alert.name, ...alert.labels },
    minutes: Number(answer.minutes),
  };
  await attempt(() => send('/api/alerts/silences', request), 'Silenced.');
}

async function end(silence) {
  const answer = await ask({ title: 'End the silence', confirm: 'End', fields: person() });
  if (answer)
    await attempt(() => send(`/api/alerts/silences/${silence.silence_id}/end`, answer), 'The silence is over.');
}

async function test() {
  const answer = await ask({
    title: 'Test every channel',
    text: 'A message goes over each channel by itself; the receipts are listed below.',
    confirm: 'Send',
    fields: person(),
  });
  if (answer) await attempt(() => send('/api/alerts/test', answer), 'The tests are on their way.');
}
