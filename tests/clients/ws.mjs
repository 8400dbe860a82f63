// One operation by graphql-ws, told line by line: node ws.mjs '{"url": …, "authorization": …, "query": …, "take": 2, "retries": 0}'
import { createClient } from 'graphql-ws';

const { url, authorization, query, take, retries } = JSON.parse(process.argv[2]);
const say = (event, value = null) => console.log(JSON.stringify({ event, value }));

const client = createClient({
  url: url.replace('http', 'ws'),
  connectionParams: authorization ? { Authorization: authorization } : {},
  retryAttempts: retries,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
  shouldRetry: () => true,
  on: {
    ping: (received) => received && say('pinged'),
    closed: ({ code }) => say('closed', code),
  },
});

try {
  let told = 0;
  for await (const result of client.iterate({ query })) {
    say('next', result);
    told += 1;
    if (told === take) break;
  }
  say('done');
} catch (error) {
  say('refused', error.code ?? error.map(({ extensions }) => extensions.code));
}
await client.dispose();
