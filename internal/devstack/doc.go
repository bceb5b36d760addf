// Package devstack starts the whole platform on one machine with one command and takes it down again.
//
// It starts what the environment does not already provide: PostgreSQL, Redis, an S3 gateway and a mail inbox. Then it
// runs the two APIs and the three web apps as supervised children. A service whose URL is given (DATABASE_URL,
// REDIS_URL, S3_ENDPOINT, SMTP_URL) is used and never started.
//
// What it promises:
//   - no child outlives it: not after Ctrl-C, not after SIGTERM and, on Linux, not after kill -9;
//   - a child that ends by itself ends the stack, and the error carries the last lines of its log;
//   - a child sees an allow-list of the environment and its own variables, so no secret of the person who started the
//     stack reaches it;
//   - everything listens on 127.0.0.1 only; two stacks never share one checkout.
//
// It is for development and for tests. Production gives URLs and starts the binaries itself. The package knows nothing
// about the clinic: migrations, keys and demo data come in as Options.Prepare.
//
// macOS has no parent-death signal: there kill -9 leaves the children, and the next start names the port they hold.
package devstack
