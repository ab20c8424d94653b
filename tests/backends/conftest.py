"""JAX with eight devices, which are threads of this machine, and double precision."""

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=8"  # read when JAX is imported, and never again

import jax

jax.config.update("jax_enable_x64", True)
