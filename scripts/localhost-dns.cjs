// Node asks the system's resolver for *.localhost, and on many systems that knows only "localhost" itself. Browsers
// answer such names with the loopback on their own; with `node --require` of this file Node does the same.
"use strict";
const dns = require("node:dns");

const isLocal = (name) => typeof name === "string" && /(^|\.)localhost\.?$/i.test(name);
const loopback = { address: "127.0.0.1", family: 4 };

const lookup = dns.lookup;
dns.lookup = function (name, options, callback) {
  const done = typeof options === "function" ? options : callback;
  if (!isLocal(name) || typeof done !== "function") return lookup.apply(dns, arguments);
  if (options && options.all) return process.nextTick(done, null, [loopback]);
  process.nextTick(done, null, loopback.address, loopback.family);
};

const lookupPromise = dns.promises.lookup;
dns.promises.lookup = async function (name, options) {
  if (!isLocal(name)) return lookupPromise.call(dns.promises, name, options);
  return options && options.all ? [loopback] : loopback;
};
