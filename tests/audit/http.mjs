// Runs every server audit of graphql-http: node http.mjs http://127.0.0.1:8000/graphql
// Recommendations (SHOULD, MAY) count as much as requirements.
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
const fetchFn = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(10_000) });

const run = async ({ id, name, fn }) => {
  try {
    const { status, reason } = await fn();
    return { id, name, status, reason };
  } catch (error) {
    return { id, name, status: 'error', reason: String(error.cause ?? error) };
  }
};

const audits = serverAudits({ url, fetchFn });
let failed = 0;
for (const audit of audits) {
  const { id, name, status, reason } = await run(audit);
  if (status === 'ok') continue;
  failed += 1;
  console.log(`${status}: ${id} ${name}\n  ${reason}`);
}
console.log(`GraphQL over HTTP: ${audits.length - failed} of ${audits.length} audits passed`);
process.exit(failed === 0 && audits.length > 0 ? 0 : 1);
