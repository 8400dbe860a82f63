// The public audit suite of GraphQL over HTTP against a running server: node audit.mjs '{"url": …}'
import { auditServer } from 'graphql-http';

const { url } = JSON.parse(process.argv[2]);
for (const { id, name, status, reason } of await auditServer({ url })) {
  console.log(JSON.stringify({ id, name, status, reason }));
}
