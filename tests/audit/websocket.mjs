// Checks the graphql-transport-ws protocol: node websocket.mjs ws://127.0.0.1:8000/graphql
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2];
const query = '{ __typename }';
const limit = { signal: undefined };

/** An open socket: `say` sends, `heard` awaits the next message, `closed` the close code. */
const open = async (options) => {
  const socket = new WebSocket(url, 'graphql-transport-ws', options);
  const messages = [];
  socket.on('message', (data) => messages.push(JSON.parse(data)));
  const say = (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const heard = async () => {
    while (messages.length === 0) await once(socket, 'message', limit);
    return messages.shift();
  };
  const closed = () =>
    new Promise((resolve, reject) => {
      socket.once('close', resolve);
      limit.signal.addEventListener('abort', () => reject(new Error('the socket stayed open')));
    });
  await once(socket, 'open', limit);
  socket.on('error', () => {}); // the server may close while we still send
  return { say, heard, closed };
};

const acknowledged = async () => {
  const peer = await open();
  peer.say({ type: 'connection_init' });
  assert.equal((await peer.heard()).type, 'connection_ack');
  return peer;
};

const checks = {
  'a query gives one result and completes': async () => {
    const { say, heard } = await acknowledged();
    say({ id: '1', type: 'subscribe', payload: { query } });
    assert.deepEqual(await heard(), { id: '1', type: 'next', payload: { data: { __typename: 'Query' } } });
    assert.deepEqual(await heard(), { id: '1', type: 'complete' });
  },
  'an invalid document gives errors': async () => {
    const { say, heard } = await acknowledged();
    say({ id: '1', type: 'subscribe', payload: { query: 'subscription { nothingLikeThis }' } });
    const { type, payload } = await heard();
    assert.equal(type, 'error');
    assert.ok(payload[0].message);
  },
  'a ping is answered': async () => {
    const { say, heard } = await acknowledged();
    say({ type: 'ping' });
    assert.equal((await heard()).type, 'pong');
  },
  'subscribing before connection_init closes with 4401': async () => {
    const { say, closed } = await open();
    say({ id: '1', type: 'subscribe', payload: { query } });
    assert.equal(await closed(), 4401);
  },
  'a second connection_init closes with 4429': async () => {
    const { say, closed } = await acknowledged();
    say({ type: 'connection_init' });
    assert.equal(await closed(), 4429);
  },
  'text that is not JSON closes with 4400': async () => {
    const { say, closed } = await acknowledged();
    say('{');
    assert.equal(await closed(), 4400);
  },
  'an unknown message closes with 4400': async () => {
    const { say, closed } = await acknowledged();
    say({ type: 'surprise' });
    assert.equal(await closed(), 4400);
  },
  'a message of 2 MiB closes with 1009 or 4400': async () => {
    const { say, closed } = await acknowledged();
    say({ id: '1', type: 'subscribe', payload: { query: `{ __typename } #${'x'.repeat(2 << 20)}` } });
    assert.ok([1009, 4400].includes(await closed()));
  },
  'another protocol is refused': async () => {
    const socket = new WebSocket(url, 'another-protocol');
    await assert.rejects(once(socket, 'open', limit), /Unexpected server response: 4\d\d|subprotocol/);
  },
  'a page of another origin is refused': async () => {
    await assert.rejects(open({ origin: 'https://other.example' }), /Unexpected server response: 403/);
  },
  'the graphql-ws client gets its result': async () => {
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
    for await (const result of client.iterate({ query })) assert.deepEqual(result, { data: { __typename: 'Query' } });
    await client.dispose();
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  limit.signal = AbortSignal.timeout(10_000);
  try {
    await check();
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}\n  ${error.message}`);
  }
}
const total = Object.keys(checks).length;
console.log(`graphql-transport-ws: ${total - failed} of ${total} checks passed`);
process.exit(failed === 0 ? 0 : 1);
