// One operation by graphql-sse, each on a connection of its own: node sse.mjs, with the argument that ws.mjs takes.
import { createClient } from 'graphql-sse';

const { url, authorization, query, take, retries } = JSON.parse(process.argv[2]);
const say = (event, value = null) => console.log(JSON.stringify({ event, value }));

const client = createClient({
  url,
  headers: authorization ? { Authorization: authorization } : {},
  retryAttempts: retries,
  retry: () => new Promise((resolve) => setTimeout(resolve, 100)),
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
  say('refused', error.response?.status ?? String(error));
}
client.dispose();
