/** Which container a process is in, by what engines write. */
import { expect, test } from 'vitest';

import { containerOf } from '../src/audit-source.js';

const ID = '3f1e'.repeat(16);
const OTHER = 'aa07'.repeat(16);
const mount = (root: string, point: string, rest = ''): string =>
  `831 810 254:1 ${root} ${point} rw,relatime - ext4 /dev/vda1 rw${rest}\n`;

test.for<[title: string, cgroup: string, mountinfo: string, id: string | undefined]>([
  ['Docker, cgroup v1', `12:pids:/docker/${ID}\n0::/docker/${ID}\n`, '', ID],
  ['Docker, cgroup v2', `0::/system.slice/docker-${ID}.scope\n`, '', ID],
  ['Podman', `0::/machine.slice/libpod-${ID}.scope/container\n`, '', ID],
  [
    'Kubernetes, cgroup v1',
    `5:cpu:/kubepods/besteffort/pod0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f1/${ID}\n`,
    '',
    ID,
  ],
  [
    'Kubernetes, containerd',
    `0::/kubepods.slice/kubepods-pod0e1d.slice/cri-containerd-${ID}.scope\n`,
    '',
    ID,
  ],
  [
    'Docker, a control group namespace',
    '0::/\n',
    `700 600 0:50 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/${OTHER}/diff\n` +
      mount(`/var/lib/docker/containers/${ID}/resolv.conf`, '/etc/resolv.conf'),
    ID,
  ],
  [
    'Podman, a control group namespace',
    '0::/\n',
    mount(`/containers/storage/overlay-containers/${ID}/userdata/hosts`, '/etc/hosts'),
    ID,
  ],
  [
    'Kubernetes, a control group namespace: the pod',
    '0::/\n',
    mount('/var/lib/kubelet/pods/0e1d2c3b/etc-hosts', '/etc/hosts') +
      mount(
        `/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${ID}/hostname`,
        '/etc/hostname',
      ),
    ID,
  ],
  ['a container within one: the inner', `0::/docker/${OTHER}/docker/${ID}\n`, '', ID],
  ['no container', '0::/system.slice/app.service\n', mount('/', '/'), undefined],
  ['a mount of another file', '0::/\n', mount(`/backup/${ID}`, '/data'), undefined],
  ['no /proc', '', '', undefined],
])('%s', ([, cgroup, mountinfo, id]) => {
  expect(containerOf(cgroup, mountinfo)).toBe(id);
});
