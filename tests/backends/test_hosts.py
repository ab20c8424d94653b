"""The script for several hosts, run by as many processes, which find each other by JAX's own runtime."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np

from hw3 import lstm

SCRIPT = Path(__file__).parent.parent.parent / "docs" / "examples" / "lstm_on_hosts.py"
HOSTS, DEVICES = 2, 4
T, B, D, H = 4, 4 * DEVICES, 3, 5


def test_two_hosts_find_the_bar_of_the_whole_batch():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={DEVICES}",
        "JAX_ENABLE_X64": "1",
        "JAX_PLATFORMS": "cpu",
    }
    hosts = [
        subprocess.Popen(
            [sys.executable, SCRIPT, address, str(HOSTS), str(number)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(HOSTS)
    ]
    printed = []
    for number, host in enumerate(hosts):
        output, errors = host.communicate(timeout=120)
        assert host.returncode == 0, errors
        assert f"host {number} of 2: batch of 32 on 8 devices, 4 of them here;" in output
        printed.append(float(re.search(r"bar of w_ix\[0, 0\]: (\S+)", output)[1]))

    shared = np.random.default_rng(0)
    weights = lstm.Weights.random(shared, D, H)
    expected = 0.0
    for number in range(HOSTS):
        own = np.random.default_rng(1 + number)
        x, h_bar_direct = own.normal(size=(T, B, D)), own.normal(size=(T, B, H))
        expected += lstm.backward(weights, lstm.forward(weights, x), h_bar_direct).weights.ix[0, 0]
    assert printed == [round(expected, 6)] * HOSTS
