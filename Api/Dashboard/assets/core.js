// What every view uses: elements, numbers in the user's locale, the API, and the stream of events.
export const state = {
  portfolio: 'default',
  book: null,
  guards: null,
  risk: null,
  alerts: null,
  system: null,
  health: null,
  decisions: [],
  lastEvent: 0,
  connection: 'connecting',
};

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

// Numbers: a value that is not known is a dash, never zero.
const dash = '–';
const known = value => value !== null && value !== undefined && Number.isFinite(Number(value));
const formats = new Map();
const format = (digits, extra) => {
  const key = digits + JSON.stringify(extra ?? {});
  if (!formats.has(key))
    formats.set(
      key,
      new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...extra }),
    );
  return formats.get(key);
};
export const number = (value, digits = 0) => (known(value) ? format(digits).format(value) : dash);
export const money = value => (known(value) ? format(Math.abs(value) < 1000 ? 2 : 0).format(value) : dash);
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 5 });
export const compact = value => (known(value) ? short.format(value) : dash);
export const signed = value =>
  known(value) ? format(Math.abs(value) < 1000 ? 2 : 0, { signDisplay: 'exceptZero' }).format(value) : dash;
export const percent = (value, digits = 2) =>
  known(value) ? format(digits, { style: 'percent' }).format(value) : dash;
export const seconds = value =>
  !known(value)
    ? dash
    : value < 0.0995
      ? `${number(value * 1000, value < 0.00995 ? 2 : 1)} ms`
      : value < 120
        ? `${number(value, value < 10 ? 2 : 0)} s`
        : `${number(value / 60, 0)} min`;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const time = value => (value ? clock.format(new Date(value)) : dash);
export const date = value => (value ? day.format(new Date(value)) : dash);
export const instant = value => (value ? moment.format(new Date(value)) : dash);
export const words = code =>
  code
    ? String(code)
        .replace('97_5', '97.5')
        .replaceAll('_', ' ')
        .replace(/^./, letter => letter.toUpperCase())
    : dash;
export const amount = (value, unit) =>
  unit === 'fraction'
    ? percent(value)
    : unit === 'money'
      ? money(value)
      : unit === 'seconds'
        ? seconds(value)
        : known(value)
          ? `${number(value, Number.isInteger(value) ? 0 : 3)}`
          : dash;
export const tone = value => (!known(value) || value === 0 ? '' : value > 0 ? 'good' : 'bad');

export const events = new EventTarget();
export const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));
// What comes faster than an eye follows is drawn four times a second: the last of it counts.
const fastest = 250;
export function on(name, handler, signal, pause = fastest) {
  let last = -pause; // the first is drawn at once
  let waiting = null;
  let detail = null;
  const call = () => {
    waiting = null;
    last = performance.now();
    if (!signal?.aborted) handler(detail);
  };
  events.addEventListener(
    name,
    event => {
      detail = event.detail;
      const left = last + pause - performance.now();
      if (left <= 0) call();
      else waiting ??= setTimeout(call, left);
    },
    { signal },
  );
}

// Work that is done now and again until the view is left.
export function every(milliseconds, work, signal) {
  const timer = setInterval(work, milliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));
  void work();
}

export class ApiError extends Error {
  constructor(status, problem) {
    super(
      [problem?.detail, ...(problem?.errors ?? []).map(error => error.message)].filter(Boolean).join(' ') ||
        `The server answered ${status}.`,
    );
    this.status = status;
  }
}

// The browser sends the cookie of the sign-in by itself. A body of null is a POST without one.
export async function api(path, body, headers = {}) {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    cache: 'no-store',
    headers: body ? { 'Content-Type': 'application/json', ...headers } : headers,
    body: body ? JSON.stringify(body) : undefined,
  });
  const json = await response.json().catch(() => null);
  if (response.status === 401 && !headers.Authorization) tell('sign-in');
  if (!response.ok) throw new ApiError(response.status, json);
  return json;
}

// Who signed in.
export const me = api('/api/auth/me').catch(() => null);

// A second person agrees at this screen: their password opens a session of their own, which approves this one request and ends.
export async function approval(user, password, path, body) {
  const session = await api('/api/auth/token', { user, password }, { Authorization: 'None' });
  const headers = { Authorization: `Bearer ${session.access_token}` };
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(body))));
  const body_sha256 = Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
  const given = await api('/api/auth/approvals', { request: `POST ${path}`, body_sha256 }, headers);
  await api('/api/auth/logout', null, headers);
  return { Approval: given.approval };
}

export const ofBook = path =>
  `${path}${path.includes('?') ? '&' : '?'}portfolio=${encodeURIComponent(state.portfolio)}`;

// Server-sent events by fetch, which tells why it was refused. Reconnects by itself; what was shown stays, marked as old.
const rate = new URLSearchParams(location.search).get('rate') ?? 4; // looks a second: /dashboard?rate=10
let line = null;
export function connect() {
  line?.abort();
  const current = (line = new AbortController());
  void listen(current.signal);
}

async function listen(signal) {
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, 5000)) {
    try {
      const response = await fetch(ofBook(`/api/dashboard/stream?rate=${rate}`), { cache: 'no-store', signal });
      if (response.status === 401) return tell('sign-in');
      if (response.status === 403) return tell('denied');
      if (response.ok) {
        pause = 500;
        await read(response.body.getReader());
      }
    } catch {
      /* the line broke; the clock of the page says so */
    }
    if (!signal.aborted) await new Promise(done => setTimeout(done, pause));
  }
}

async function read(reader) {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) take(text.slice(0, end));
  }
}

const most = 200;
function take(block) {
  const name = /^event: (.*)$/m.exec(block)?.[1];
  const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null');
  state.lastEvent = performance.now();
  if (name === 'decisions') state.decisions = [...data, ...state.decisions].slice(0, most);
  else if (name in state) state[name] = data?.status >= 400 && data?.title ? { problem: data.detail } : data;
  tell(name, data);
}

// How old what is shown is: over three seconds without a beat it is stale, over five the line is lost.
setInterval(() => {
  const age = (performance.now() - state.lastEvent) / 1000;
  const now = state.lastEvent === 0 ? 'connecting' : age < 3 ? 'live' : age < 5 ? 'stale' : 'lost';
  document.body.dataset.state = now;
  const before = state.connection;
  state.connection = now;
  tell('connection', { now, age, changed: before !== now });
}, 500);
