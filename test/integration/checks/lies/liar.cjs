// A service that lies in the way that it is told. It answers GET /orders?try=x, and GET /health, which always says that all is well.
const http = require('node:http');
const net = require('node:net');

const [, , lie] = process.argv;
const { SWITCHBACK_ADDRESS: host, SWITCHBACK_PORT: port, SWITCHBACK_SITE: site, SWITCHBACK_EPOCH: epoch } = process.env;

const json = { 'content-type': 'application/json' };
const identity = { 'x-switchback-site': site, 'x-switchback-epoch': epoch };
let asked = 0;
let kept;

const honest = (url) => ({
  status: 200,
  headers: { ...json, ...identity },
  body: JSON.stringify({ orders: [{ id: 1 }], site, epoch: Number(epoch), asked: url.searchParams.get('try') }),
});

const lies = {
  'nothing in it': () => ({ status: 200, headers: { ...json, ...identity }, body: '[]' }),
  'an empty list': () => ({ status: 200, headers: { ...json, ...identity }, body: '{"orders":[]}' }),
  cached: (url) => ({ ...honest(url), headers: { ...json, ...identity, age: '30' } }),
  // A cache that takes no notice of what is asked, and says nothing of itself.
  'cached in silence': (url) => (kept ??= honest(url)),
  'another site': (url) => ({ ...honest(url), headers: { ...json, ...identity, 'x-switchback-site': 'beta' } }),
  'an old epoch': (url) => ({ ...honest(url), headers: { ...json, ...identity, 'x-switchback-epoch': '6' } }),
  'an old epoch in JSON': () => ({ status: 200, headers: json, body: JSON.stringify({ orders: [1], site, epoch: 6 }) }),
  flapping: (url) => (asked % 3 === 0 ? { status: 503, headers: {}, body: '' } : honest(url)),
  redirected: () => ({ status: 302, headers: { location: 'http://192.0.2.9/orders' }, body: '' }),
  'error page': () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head><body>Orders</body></html>',
  }),
  // Two instances behind a balancer that asks them in turn, one of them down.
  'half of it': (url) => (asked % 2 === 0 ? { status: 502, headers: {}, body: '' } : honest(url)),
  'self-report': (url) =>
    url.pathname === '/health'
      ? { status: 200, headers: { ...json, ...identity }, body: '{"status":"ok"}' }
      : { status: 500, headers: json, body: '{"error":"no database"}' },
  'self-report of the opposite': () => ({ status: 200, headers: json, body: '{"status":"DOWN","orders":[1]}' }),
};

const tell = (url) => (lies[lie] ?? honest)(url);

function answer(request, response) {
  asked += 1;
  const { status, headers, body } = tell(new URL(request.url, 'http://liar'));
  const send = () => response.writeHead(status, headers).end(body);
  if (lie === 'slow') setTimeout(send, 1_200);
  else send();
}

if (lie === 'silent') net.createServer((socket) => socket.on('error', () => undefined)).listen(port, host);
else if (lie === 'hangs up') net.createServer((socket) => socket.end()).listen(port, host);
else if (lie === 'nobody') setInterval(() => undefined, 60_000);
else http.createServer(answer).listen(port, host);
