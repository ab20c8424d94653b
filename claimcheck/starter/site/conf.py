"""Sphinx's configuration."""

project = "Arithmetic, verified"
author = "The author of this course"
extensions = ["claimcheck.sphinx"]
claimcheck_claims = "claims.toml"
claimcheck_depends_on = ["arithmetic/*.py"]  # when a file changes, the cells run again
