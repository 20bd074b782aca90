#!/bin/sh
# Holds docs/recipes/kubernetes to the schemas of Kubernetes and of Kyverno, which npm has.
# It downloads some 130 MB and is run by hand.
set -eu
recipes=$(realpath "$(dirname "$0")/../../docs/recipes/kubernetes")
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --ignore-scripts kubernetes-models@5 @kubernetes-models/kyverno@2 yaml@2
cat >check.mjs <<'.'
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ClusterPolicy } from '@kubernetes-models/kyverno/kyverno.io/v1/ClusterPolicy';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';

for (const [name, Kind] of Object.entries({ deployment: Deployment, kyverno: ClusterPolicy })) {
  new Kind(parse(readFileSync(`${process.argv[2]}/${name}.yaml`, 'utf8'))).validate();
  console.log(`${name}.yaml: the schema accepts it`);
}
.
node check.mjs "$recipes"
