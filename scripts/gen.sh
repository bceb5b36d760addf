#!/bin/sh
# `make gen`: the OpenAPI document from the routes, the client of the apps from the document.
set -eu
cd "$(dirname "$0")/.."
bin/restartix openapi >docs/openapi.yaml.part
mv docs/openapi.yaml.part docs/openapi.yaml
if [ -e packages/api-client/package.json ]; then
  tools=$(scripts/node.sh)
  export PATH="$tools:$PATH"
  pnpm --filter ./packages/api-client run gen
fi
