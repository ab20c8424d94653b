"""The gradient of an LSTM whose batch lies on several hosts.

Run `python lstm_on_hosts.py ADDRESS:PORT HOSTS NUMBER` on each, with its own NUMBER, from 0; ADDRESS is that of
host 0. On a cluster that JAX knows, such as one under Slurm, `initialize()` needs no arguments.
"""

import sys

import jax
import numpy as np
from jax.sharding import AxisType, NamedSharding, PartitionSpec

from hw3 import lstm

address, hosts, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
jax.distributed.initialize(address, hosts, number)
mesh = jax.make_mesh((jax.device_count(),), ("batch",), axis_types=(AxisType.Auto,))
along_the_batch = NamedSharding(mesh, PartitionSpec(None, "batch"))

# The weights are the same on all hosts; each makes or reads its own part of the batch
T, B, D, H = 4, 4 * jax.local_device_count(), 3, 5
shared, own = np.random.default_rng(0), np.random.default_rng(1 + number)
weights = jax.device_put(lstm.Weights.random(shared, D, H), NamedSharding(mesh, PartitionSpec()))
x = jax.make_array_from_process_local_data(along_the_batch, own.normal(size=(T, B, D)))
h_bar_direct = jax.make_array_from_process_local_data(along_the_batch, own.normal(size=(T, B, H)))


@jax.jit
def bars(weights, x, h_bar_direct):
    """Return the bars of the weights, summed over the batch of all hosts, and the bar of x, which stays on each."""
    found = lstm.backward(weights, lstm.forward(weights, x), h_bar_direct)
    return found.weights, found.x


of_weights, of_x = bars(weights, x, h_bar_direct)
print(
    f"host {number} of {hosts}: batch of {x.shape[1]} on {jax.device_count()} devices, "
    f"{len(of_x.addressable_shards)} of them here; bar of w_ix[0, 0]: {float(of_weights.ix[0, 0]):.6f}"
)
