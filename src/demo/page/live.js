// Subscriptions: a small client of the graphql-transport-ws protocol.

const PAUSES = [1, 2, 5, 10, 30]; // seconds before connecting again

/**
 * Follows subscriptions, `{ query, variables, onData }` each, over one socket until
 * the answered function is called. `onState(true)` comes with each connection, so
 * that the caller can ask for what it missed, `onState(false)` when it is lost.
 */
export function follow(subscriptions, onState = () => {}) {
  let socket, timer, failures = 0, ended = false;

  function connect() {
    const address = new URL("/graphql", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    socket = new WebSocket(address, "graphql-transport-ws");
    socket.onopen = () => send({ type: "connection_init" });
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (ended) return;
      onState(false);
      // 4401, 4403: the server will not have this session again.
      if (code === 4401 || code === 4403) return;
      timer = setTimeout(connect, PAUSES[Math.min(failures++, PAUSES.length - 1)] * 1000);
    };
  }

  const send = (message) => socket.send(JSON.stringify(message));

  function receive({ type, id, payload }) {
    if (type === "connection_ack") {
      failures = 0;
      subscriptions.forEach(({ query, variables }, index) => {
        send({ id: String(index), type: "subscribe", payload: { query, variables } });
      });
      onState(true);
    } else if (type === "ping") {
      send({ type: "pong" });
    } else if (type === "next" && payload.data) {
      subscriptions[Number(id)].onData(payload.data);
    } else if (type === "error" || type === "complete") {
      // The right to it may have gone, or the server stops: do not insist.
      stop();
      onState(false);
    }
  }

  function stop() {
    ended = true;
    clearTimeout(timer);
    socket.close(1000);
  }

  connect();
  return stop;
}
