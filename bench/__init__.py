"""The benchmarks. Most compare a measurement with a floor from the same run, because machines differ and are
noisy."""
