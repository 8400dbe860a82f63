// Starts GraphiQL: queries and mutations over HTTP, subscriptions over graphql-transport-ws, both with the bearer token
// of whoever logged in above. The token lives in this tab only. A header typed into the editor wins.
"use strict";

const TOKEN = "steward-token";
const address = new URL("/graphql", location.href);
const socket = new URL(address);
socket.protocol = address.protocol.replace("http", "ws");

const QUERIES = [
  `# 小区与最新告警 Compounds and open alerts.
# 请先在上方登录 Log in above first: "make run" prints the demo's log-ins.
query Street {
  viewer { name roles { role } }
  compounds(first: 5) { nodes { id code name kind } }
  alerts(first: 5, filter: { state: { eq: OPEN } }) {
    nodes { id severity message compound { name } }
  }
}
`,
  `# 工单 Tickets
query Tickets {
  tickets(first: 10) {
    nodes { number priority state title dueAt compound { name } }
  }
}
`,
  `# 实时告警 Live alerts: run this, then "steward demo feed"
subscription Watch {
  alertChanged { severity state count message compound { name } }
}
`,
  `# 登录 Log in by hand. The token may go into the headers below:
# {"Authorization": "Bearer …"}
mutation LogIn {
  logIn(input: { login: "street", password: "" }) {
    token expiresAt errors { code message hint }
  }
}
`,
];

function authorization() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function fetchHere(input, init) {
  const response = await fetch(input, { ...init, headers: { ...init.headers, "Accept-Language": navigator.language } });
  if (response.status === 401) {
    sessionStorage.removeItem(TOKEN);
    show();
  }
  return response;
}

const base = GraphiQL.createFetcher({ url: address.href, subscriptionUrl: socket.href, fetch: fetchHere });
const fetcher = (request, options = {}) => base(request, { ...options, headers: { ...authorization(), ...options.headers } });

const element = (id) => document.getElementById(id);

function show(name = "") {
  const known = sessionStorage.getItem(TOKEN) !== null;
  element("log-in").hidden = known;
  element("logged-in").hidden = !known;
  element("who").textContent = name;
}

async function ask(query, variables) {
  const response = await fetchHere(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...authorization() },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

async function welcome() {
  show();
  if (sessionStorage.getItem(TOKEN) !== null) {
    const { data } = await ask("{ viewer { name } }");
    show(data?.viewer?.name ?? "");
  }
}

element("log-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { login, password } = Object.fromEntries(new FormData(event.target));
  const answer = await ask("mutation LogIn($input: LogInInput!) { logIn(input: $input) { token errors { message } } }", {
    input: { login, password },
  });
  const token = answer.data?.logIn?.token;
  const errors = answer.errors ?? answer.data?.logIn?.errors ?? [];
  element("refused").textContent = token ? "" : errors.map((error) => error.message).join(" ");
  if (token) {
    sessionStorage.setItem(TOKEN, token);
    event.target.reset();
  }
  await welcome();
});

element("log-out").addEventListener("click", () => {
  sessionStorage.removeItem(TOKEN);
  show();
});

void welcome();
const asked = new URLSearchParams(location.search).get("query");
ReactDOM.createRoot(element("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    query: asked ?? undefined,
    defaultTabs: QUERIES.map((query) => ({ query })),
    shouldPersistHeaders: false,
  }),
);
