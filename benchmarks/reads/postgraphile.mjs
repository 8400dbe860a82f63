// PostGraphile 5 as its guide sets it up, without mutations; over node's own HTTP server.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [port, host, database, connections, timezone] = process.argv.slice(2);
const poolConfig = { host, database, user: "postgres", max: Number(connections), options: `-c timezone=${timezone} -c jit=off` };
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  disablePlugins: ["PgMutationCreatePlugin", "PgMutationUpdateDeletePlugin"],
  pgServices: [makePgService({ schemas: ["public"], poolConfig })],
  grafast: { explain: false },
  grafserv: { graphiql: false, websockets: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1");
