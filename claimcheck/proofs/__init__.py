"""Claims proved in Coq: its theorems are compiled, tied to the code, and recorded with hashes of all they depend on."""
