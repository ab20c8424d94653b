"""Sphinx's configuration."""

project = "Arithmetic, verified"
author = "The author of this course"
extensions = ["claimcheck.sphinx"]
claimcheck_claims = "claims.toml"
claimcheck_depends_on = ["arithmetic"]  # when a file in it changes, the cells run again

# What goes with the notebooks that readers take away
claimcheck_wheel = "wheels/*.whl"
claimcheck_wheel_extra = "notebooks"
claimcheck_take_away = ["arithmetic"]
