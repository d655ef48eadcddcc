import { setupServer } from "msw/node";

/** The network of the tests: each test says what the server answers. */
export const server = setupServer();
